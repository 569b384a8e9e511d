import type { Activity } from '../consensus/activity.ts';
import type { Pattern } from '../consensus/activity-evidence.ts';
import type { Direction } from '../consensus/scoring-input.ts';
import type { EvidenceSource } from '../consensus/verdict.ts';
import type { ScorerName, Vote } from '../consensus/vote.ts';
import type { ScoredBy } from '../store/assessment.ts';
import type { FindingService } from '../store/finding.ts';
import type { FindingName } from '../store/keys.ts';

/** Kinds of announcements about an address. */
export const FINDING_KINDS = ['new-malicious', 'worse', 'cleared'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export const ANNOUNCEMENT_KINDS = [...FINDING_KINDS, 'digest'] as const;
export type AnnouncementKind = (typeof ANNOUNCEMENT_KINDS)[number];

/** A notification for those who need to know. It is decided once and stays the same however often it is sent. */
export type Announcement = FindingAnnouncement | DigestAnnouncement;

/** An address became malicious, got worse, or was cleared. */
export interface FindingAnnouncement {
  readonly kind: FindingKind;
  /** Identifies the announcement. */
  readonly uid: string;
  /** Identifies the finding: see `findingUid`. Announcements of one finding share it. */
  readonly finding: string;
  /** When it was decided, epoch milliseconds. */
  readonly decidedAtMs: number;
  /** When the queue first received the unit it was decided for, epoch milliseconds; for a label, when it was given. */
  readonly observedAtMs: number;
  readonly address: string;
  readonly direction: Direction;
  /** Threat score, 0-1. */
  readonly score: number;
  /** The score announced before, if the address got worse or was cleared. */
  readonly previousScore?: number;
  /** Threat score from which an address counted as malicious. */
  readonly maliciousThreshold: number;
  readonly scoredBy: ScoredBy;
  /** Of the consensus, 0-1; absent if there was none. */
  readonly confidence?: number;
  /** Whether the scorers disagree about the evidence. */
  readonly isUncertain: boolean;
  readonly votes: Readonly<Partial<Record<ScorerName, Pick<Vote, 'score' | 'confidence' | 'reasoning'>>>>;
  readonly evidence: readonly EvidenceSource[];
  /** The activity pattern of the address; absent if its connections show none. */
  readonly pattern?: Pattern;
  readonly activity?: Activity;
  /** Connections of the unit, and how many of them were answered. */
  readonly connections: number;
  readonly answered: number;
  /** Local hosts concerned, at most 20 of `localHostCount`. */
  readonly localHosts: readonly string[];
  readonly localHostCount: number;
  /** Services concerned, at most 10. */
  readonly services: readonly FindingService[];
  /** Times of the first and last connection of the unit, epoch milliseconds. */
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Id of the assessment that the score is from. */
  readonly assessment: string;
  readonly engineVersion: string;
}

/**
 * A summary of everything that was not announced individually in an hour: addresses that only knocked, and
 * announcements above the limit.
 */
export interface DigestAnnouncement {
  readonly kind: 'digest';
  /** Identifies the announcement: `digest/2026-11-27T14`. */
  readonly uid: string;
  readonly decidedAtMs: number;
  /** Start of the hour, epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Malicious addresses whose connections were all inbound and unanswered, by pattern. */
  readonly knocking: Readonly<Partial<Record<Pattern, number>>>;
  /** The worst of those, at most 20. */
  readonly worst: readonly DigestEntry[];
  /** Announcements that were held back by the limit. */
  readonly heldBack: number;
}

export interface DigestEntry {
  readonly address: string;
  readonly score: number;
  readonly pattern?: Pattern;
  readonly connections: number;
  readonly services: readonly FindingService[];
}

/** Identifies the finding about an address, for one day and one direction: `203.0.113.9/2026-11-27/outbound`. */
export function findingUid({ address, day, direction }: FindingName): string {
  return `${address}/${day}/${direction}`;
}

/** Writes an announcement in the form used in the outbox. */
export function writeAnnouncement(announcement: Announcement): string {
  return JSON.stringify(announcement);
}

const KINDS: ReadonlySet<unknown> = new Set(ANNOUNCEMENT_KINDS);

/** @returns undefined if the text is not an announcement of this version */
export function readAnnouncement(text: string): Announcement | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null) return undefined;
  const { kind, uid } = read as Partial<Announcement>;
  return KINDS.has(kind) && typeof uid === 'string' ? (read as Announcement) : undefined;
}

/** The command that shows what is known about the subject of an announcement. */
export function commandFor(announcement: Announcement): string {
  if (announcement.kind === 'digest') {
    return `threat-consensus attention --since ${new Date(announcement.fromMs).toISOString()}`;
  }
  return `threat-consensus assessments ${announcement.address}`;
}
