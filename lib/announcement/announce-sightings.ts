import type { Announced } from '../store/announced.ts';
import { writeAnnouncement } from './announcement.ts';
import type { AnnouncementSettings } from './announcement-settings.ts';
import { decide } from './decide.ts';
import { type Decided, readDecided, writeDecided } from './decided.ts';
import { describeSighting } from './describe-sighting.ts';
import type { Sighting } from './sighting.ts';

/** Decisions about an address are needed during the quiet period, and when a human clears the address. */
const KEEP_SECONDS = 90 * 86_400;
/** Most announcements about one address waiting to be sent: nothing more is decided until they are. */
const MOST_PENDING = 20;

/** The decisions for an address's sightings. */
export interface SightingsAnnounced {
  /** The state to be written. */
  readonly announced: Announced;
  readonly decided: Decided;
  /** New announcements in the outbox. */
  readonly added: number;
}

/**
 * Decides which of an address's sightings are announced.
 *
 * @param known the announcement state of the address; undefined if there is none
 * @param nowMs epoch milliseconds
 * @returns undefined if there is nothing to decide
 */
export function announceSightings(
  known: Announced | undefined,
  sightings: readonly Sighting[],
  settings: AnnouncementSettings,
  nowMs: number,
): SightingsAnnounced | undefined {
  const [first] = sightings;
  if (first === undefined) return undefined;
  const pending = [...(known?.pending ?? [])];
  const before = pending.length;
  const start = known === undefined ? {} : readDecided(known.decided);
  let decided = start;
  for (const sighting of inOrder(sightings)) {
    if (pending.length >= MOST_PENDING) break;
    const made = decide(decided, sighting, settings);
    if (made === undefined) continue;
    decided = { ...decided, [made.kind]: made.decision };
    if (made.decision.isSilent) continue;
    const announcement = describeSighting(sighting, made, nowMs);
    pending.push({ uid: announcement.uid, decidedAtMs: nowMs, text: writeAnnouncement(announcement) });
  }
  if (decided === start) return undefined;
  const announced: Announced = {
    subject: first.address,
    decided: writeDecided(decided),
    pending,
    expiresAt: Math.ceil(nowMs / 1000) + KEEP_SECONDS,
    revision: known?.revision ?? 0,
  };
  return { announced, decided, added: pending.length - before };
}

/**
 * The direction closest to harm comes first, so that it is announced rather than treated as a repetition; then the
 * worst.
 */
function inOrder(sightings: readonly Sighting[]): Sighting[] {
  const rank = ({ direction }: Sighting) => (direction === 'inbound' ? 1 : 0);
  return sightings.toSorted(
    (a, b) => rank(a) - rank(b) || b.assessment.threat_score - a.assessment.threat_score,
  );
}
