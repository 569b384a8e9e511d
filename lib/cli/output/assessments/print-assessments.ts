import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { writeLines } from '../write-lines.ts';
import { assessmentJson } from './assessment-json.ts';
import { describeAssessment } from './describe-assessment.ts';

/**
 * Prints assessments as they come, for a human or as JSON lines.
 *
 * @returns how many there were
 */
export async function printAssessments(
  assessments: AsyncIterable<ReadAssessment> | Iterable<ReadAssessment>,
  isJson: boolean,
): Promise<number> {
  let count = 0;
  const lines = async function* () {
    for await (const read of assessments) {
      count++;
      if (isJson) yield assessmentJson(read);
      else yield* describeAssessment(read);
    }
  };
  await writeLines(lines());
  return count;
}
