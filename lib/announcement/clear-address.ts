import type { Announced } from '../store/announced.ts';
import { type FindingAnnouncement, writeAnnouncement } from './announcement.ts';
import { type Decision, readDecided, writeDecided } from './decided.ts';

/** The content of a label that clears an address. */
export interface Clearance {
  readonly address: string;
  /** When the label was given, epoch milliseconds. */
  readonly labelledAtMs: number;
  /** What is known about the address now, for those who are notified. */
  readonly described: Omit<
    FindingAnnouncement,
    'kind' | 'uid' | 'finding' | 'decidedAtMs' | 'observedAtMs' | 'address' | 'direction' | 'previousScore'
  >;
}

/**
 * Decides that an address is cleared, if it was announced and not cleared since.
 *
 * @returns the state to be written; undefined if there is no announcement to withdraw
 */
export function clearAddress(known: Announced, clearance: Clearance): Announced | undefined {
  const decided = readDecided(known.decided);
  const told = latestTold([decided['new-malicious'], decided.worse]);
  if (told === undefined || (decided.cleared?.atMs ?? 0) >= told.atMs) return undefined;
  const { address, labelledAtMs, described } = clearance;
  const { finding, direction, score } = told;
  const uid = `${finding}/cleared/${labelledAtMs}`;
  const announcement: FindingAnnouncement = {
    ...described,
    kind: 'cleared',
    uid,
    finding,
    decidedAtMs: labelledAtMs,
    observedAtMs: labelledAtMs,
    address,
    direction,
    previousScore: score,
  };
  return {
    ...known,
    decided: writeDecided({ ...decided, cleared: { atMs: labelledAtMs, score, direction, finding } }),
    pending: [...known.pending, { uid, decidedAtMs: labelledAtMs, text: writeAnnouncement(announcement) }],
  };
}

/** Withdraws the clearance of an address that a human labels as malicious after all. */
export function withdrawClearance(known: Announced): Announced | undefined {
  const { cleared, ...rest } = readDecided(known.decided);
  return cleared === undefined ? undefined : { ...known, decided: writeDecided(rest) };
}

function latestTold(decisions: readonly (Decision | undefined)[]): Decision | undefined {
  const told = decisions.filter((each): each is Decision => each !== undefined && !each.isSilent);
  return told.toSorted((a, b) => b.atMs - a.atMs)[0];
}
