import type { Announcement } from '../announcement.ts';

/** The OCSF severities in use, by id. */
export const SEVERITIES = { 1: 'Informational', 2: 'Low', 3: 'Medium', 4: 'High' } as const;

export type SeverityId = keyof typeof SEVERITIES;

/**
 * How soon a human has to act: high if an internal host calls a malicious address or answers one that guesses
 * passwords; medium if one was answered otherwise; low for one that only knocked; informational for good news.
 */
export function severityOf(announcement: Announcement): SeverityId {
  if (announcement.kind === 'digest') return 1;
  const { kind, direction, pattern, answered, score, maliciousThreshold } = announcement;
  if (kind === 'cleared') return 1;
  if (score < maliciousThreshold) return 2;
  if (direction === 'outbound') return 4;
  if (direction !== 'inbound') return 3;
  if (answered === 0) return 2;
  return pattern === 'guessing' ? 4 : 3;
}
