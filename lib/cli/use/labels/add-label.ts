import { parseAssessmentId } from '../../../store/assessment-id.ts';
import { type GroundTruth, type Label, writeLabel } from '../../../store/labels.ts';
import { readAssessment } from '../../../store/read-assessments.ts';
import { CliError } from '../../cli-error.ts';
import { openTable } from '../target/open-target.ts';
import type { TargetOptions } from '../target/resources.ts';

export interface AddLabelOptions extends TargetOptions {
  /** An incident was detected. */
  readonly incident?: true;
}

/**
 * Stores what a human found out about an assessment, with its votes as they are now.
 *
 * @throws {CliError} where the id or the truth is none, or nothing is stored under the id
 */
export async function addLabel(id: string, truth: string, options: AddLabelOptions): Promise<Label> {
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
  const truths = {
    label: truth,
    isOfAddress: false,
    incidentDetected: options.incident === true,
    labelledAtMs: nowMs,
  };
  return await writeLabel(table, name, assessment, truths);
}

function isGroundTruth(text: string): text is GroundTruth {
  return text === 'malicious' || text === 'benign';
}
