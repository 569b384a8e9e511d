import { canonicalAddress } from '../../../records/address.ts';
import { parseAssessmentId } from '../../../store/assessment-id.ts';
import { readFindingAssessments } from '../../../store/finding-assessments.ts';
import { readFindingsOf } from '../../../store/findings.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { readAssessment, readAssessmentsOf } from '../../../store/read-assessments.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import { CliError } from '../../cli-error.ts';
import { take } from '../take.ts';

/** The subject of a label. */
export interface LabelledSubject {
  /** The named assessment; for an address, the one with the worst finding. */
  readonly read: ReadAssessment;
  /** Its id as given. */
  readonly id: string;
  readonly isAddress: boolean;
}

/**
 * Finds the subject that a user means to label.
 *
 * @param text an address or an assessment id
 * @throws {CliError} if it is neither, or nothing is stored about it
 */
export async function labelledSubject(
  table: TableAccess,
  text: string,
  nowMs: number,
): Promise<LabelledSubject> {
  const address = canonicalAddress(text);
  if (address !== undefined) {
    const read = (await worstFound(table, address, nowMs)) ?? (await latestOf(table, address, nowMs));
    if (read === undefined) {
      throw new CliError(`nothing is stored about ${address}; is it the remote side of a connection?`);
    }
    return { read, id: read.id, isAddress: true };
  }
  const name = parseAssessmentId(text);
  if (name === undefined) {
    throw new CliError(
      `"${text}" is neither an address nor the id of an assessment; see \`assessments ADDRESS\``,
      2,
    );
  }
  const read = await readAssessment(table, name, nowMs);
  if (read === undefined) {
    throw new CliError(`there is no assessment ${text}; see \`assessments ${name.address}\``);
  }
  return { read, id: text, isAddress: false };
}

/** A label of an address is about the finding shown in `attention`. */
async function worstFound(
  table: TableAccess,
  address: string,
  nowMs: number,
): Promise<ReadAssessment | undefined> {
  const findings = await Array.fromAsync(readFindingsOf(table, address, nowMs));
  findings.sort((a, b) => b.score - a.score);
  for await (const { read } of readFindingAssessments(table, findings.slice(0, 1), nowMs)) return read;
  return undefined;
}

async function latestOf(
  table: TableAccess,
  address: string,
  nowMs: number,
): Promise<ReadAssessment | undefined> {
  for await (const read of take(readAssessmentsOf(table, address, nowMs), 1)) return read;
  return undefined;
}
