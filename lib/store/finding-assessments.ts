import { chunksOf } from '../aws/chunks.ts';
import { directionIn, parseAssessmentId } from './assessment-id.ts';
import type { Finding } from './finding.ts';
import { dayOf } from './keys.ts';
import type { ReadAssessment } from './read-address-items.ts';
import { readAllAssessmentsOf, readAssessmentsNamed } from './read-assessments.ts';
import type { TableAccess } from './table-access.ts';

/** A finding with the assessment that represents it. */
export interface ShownFinding {
  readonly finding: Finding;
  readonly read: ReadAssessment;
}

const FINDINGS_AT_ONCE = 25;

/**
 * Reads for each finding the assessment it names. If that does not exist or is not wanted, it is replaced by the worst
 * wanted assessment of the address on that day and in that direction: a finding is written before its unit is, and a
 * unit that was not stored is delivered again, perhaps as another unit. A finding without a stored and wanted
 * assessment is left out.
 */
export async function* readFindingAssessments(
  table: TableAccess,
  findings: Iterable<Finding>,
  nowMs: number,
  isWanted: (read: ReadAssessment) => boolean = () => true,
): AsyncGenerator<ShownFinding> {
  for (const chunk of chunksOf([...findings], FINDINGS_AT_ONCE)) {
    const names = chunk.map(({ assessment }) => parseAssessmentId(assessment));
    const known = names.flatMap((name) => name ?? []);
    const read = await readAssessmentsNamed(table, known, nowMs);
    const byName = new Map(known.map((name, place) => [name, read[place]]));
    for (const [place, finding] of chunk.entries()) {
      const name = names[place];
      const named = name && byName.get(name);
      const shown =
        named !== undefined && isWanted(named) ? named : await worstOf(table, finding, nowMs, isWanted);
      if (shown !== undefined) yield { finding, read: shown };
    }
  }
}

async function worstOf(
  table: TableAccess,
  { address, day, direction }: Finding,
  nowMs: number,
  isWanted: (read: ReadAssessment) => boolean,
): Promise<ReadAssessment | undefined> {
  let worst: ReadAssessment | undefined;
  for await (const read of readAllAssessmentsOf(table, address, nowMs)) {
    if (dayOf(read.ingestedAtMs) !== day || !isWanted(read)) continue;
    if (!read.endpoints.some((endpoint) => directionIn(endpoint) === direction)) continue;
    if (worst === undefined || read.assessment.threat_score > worst.assessment.threat_score) worst = read;
  }
  return worst;
}
