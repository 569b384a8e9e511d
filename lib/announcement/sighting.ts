import type { Direction } from '../consensus/scoring-input.ts';
import type { Assessment, AttentionReason } from '../store/assessment.ts';
import type { FindingService } from '../store/finding.ts';
import type { FindingName } from '../store/keys.ts';

/** What a storage unit shows about an address in one direction that a human may have to know. */
export interface Sighting extends FindingName {
  readonly direction: Direction;
  /** When the queue first received the unit, epoch milliseconds. */
  readonly ingestedAtMs: number;
  /** When its stored data expires, epoch seconds. */
  readonly expiresAt: number;
  /** The worst assessment, and its id. */
  readonly assessment: Assessment;
  readonly assessmentId: string;
  /** Why it needs a human, most severe first; empty if only the score not in use gives a reason. */
  readonly reasons: readonly AttentionReason[];
  readonly maliciousThreshold: number;
  /** Whether it counts as malicious by the consensus score, in use or not. */
  readonly isMaliciousByConsensus: boolean;
  /** Whether the consensus score is the one in use for the address. */
  readonly usesConsensus: boolean;
  /** Whether the allowlist covers it. The rest of the address in the direction is another sighting. */
  readonly isAllowed?: true;
  /** Connections of the assessments concerned, how many were answered, and whether the sensor reports this for any. */
  readonly connections: number;
  readonly answered: number;
  readonly tellsAnswers: boolean;
  readonly localHosts: ReadonlySet<string>;
  /** By port and protocol. */
  readonly services: ReadonlyMap<string, FindingService>;
  /** Times of connections, epoch milliseconds. */
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
}
