import { Command } from 'commander';
import { parseAssessmentId } from '../../store/assessment-id.ts';
import { type GroundTruth, writeLabel } from '../../store/labels.ts';
import { readAssessment } from '../../store/read-assessments.ts';
import { CliError } from '../cli-error.ts';
import { openTable, type TargetOptions, withTarget } from '../options/target.ts';
import { labelJson, labelLines } from '../output/label-lines.ts';
import { writeLines } from '../output/write-lines.ts';

interface LabelOptions extends TargetOptions {
  readonly json?: true;
  readonly incident?: true;
}

const EXAMPLES = `
Examples:
  $ threat-consensus label 203.0.113.201/fiGCaZRSzH4sTAYKtvKdMj/443/tcp/outbound malicious --incident
`;

/** Records what a human found out about an assessment. */
export function labelCommand(): Command {
  const command = new Command('label')
    .summary('record what an assessed endpoint turned out to be')
    .description(
      'Stores ground truth for an assessment, with the votes as they are now. A later label replaces it.',
    )
    .argument('<assessment>', 'its id, as `assessments` and `attention` print it')
    .argument('<truth>', 'malicious or benign')
    .option('--incident', 'an incident was detected')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(label);
  return withTarget(command, 'table');
}

async function label(id: string, truth: string, options: LabelOptions): Promise<void> {
  if (!isGroundTruth(truth)) throw new CliError(`"${truth}" is neither malicious nor benign`, 2);
  const name = parseAssessmentId(id);
  if (name === undefined) {
    throw new CliError(`"${id}" is no id of an assessment; \`assessments ADDRESS\` prints them`, 2);
  }
  const table = await openTable(options);
  const nowMs = Date.now();
  const assessment = await readAssessment(table, name, nowMs);
  if (assessment === undefined) {
    throw new CliError(`there is no assessment ${id}; \`assessments ${name.address}\` prints what is stored`);
  }
  const truths = { label: truth, incidentDetected: options.incident === true, labelledAtMs: nowMs };
  const stored = await writeLabel(table, name, assessment, truths);
  await writeLines(options.json ? [labelJson(stored)] : labelLines(stored));
}

function isGroundTruth(text: string): text is GroundTruth {
  return text === 'malicious' || text === 'benign';
}
