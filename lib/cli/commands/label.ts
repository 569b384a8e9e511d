import { Command } from 'commander';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { withTarget } from '../options/target.ts';
import { labelJson, labelLines } from '../output/label-lines.ts';
import { writeLines } from '../output/write-lines.ts';
import { type AddLabelOptions, addLabel } from '../use/labels/add-label.ts';

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
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(label);
  return withTarget(command, 'table');
}

async function label(id: string, truth: string, options: AddLabelOptions & JsonOptions): Promise<void> {
  const stored = await addLabel(id, truth, options);
  await writeLines(options.json ? [labelJson(stored)] : labelLines(stored));
}
