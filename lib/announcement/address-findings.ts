import { ATTENTION_REASONS, type AttentionReason } from '../store/assessment.ts';
import type { Finding, FindingService } from '../store/finding.ts';
import { distinctServices } from './join-findings.ts';
import { compareUrgency } from './urgency.ts';

/** Everything about an address that needs a human: all its findings, of several days and directions. */
export interface AddressFindings {
  readonly address: string;
  /** The most urgent finding; of equally urgent ones the latest. */
  readonly worst: Finding;
  /** All reasons, most severe first. */
  readonly reasons: readonly AttentionReason[];
  /** Local hosts of the findings in the same direction as the most urgent one; each finding names 20 at most. */
  readonly localHosts: readonly string[];
  /** Services of the same findings; each names 10 at most. */
  readonly services: readonly FindingService[];
  /** Epoch milliseconds. */
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Kinds of announcements decided for them. */
  readonly announced: readonly string[];
}

/**
 * Sums up the findings of one address.
 *
 * @param findings at least one
 * @throws RangeError if there are none
 */
export function sumUpFindings(findings: readonly Finding[]): AddressFindings {
  const [worst] = findings.toSorted((a, b) => compareUrgency(a, b) || b.ingestedAtMs - a.ingestedAtMs);
  if (worst === undefined) throw new RangeError('no findings to sum up');
  const alike = findings.filter(({ direction }) => direction === worst.direction);
  return {
    address: worst.address,
    worst,
    reasons: ATTENTION_REASONS.filter((reason) => findings.some(({ reasons }) => reasons.includes(reason))),
    localHosts: [...new Set(alike.flatMap(({ localHosts }) => localHosts))],
    services: distinctServices(alike.flatMap(({ services }) => services)),
    firstSeenMs: Math.min(...findings.map(({ firstSeenMs }) => firstSeenMs)),
    lastSeenMs: Math.max(...findings.map(({ lastSeenMs }) => lastSeenMs)),
    announced: [...new Set(findings.flatMap(({ announced }) => announced))],
  };
}
