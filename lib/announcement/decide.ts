import type { Direction } from '../consensus/scoring-input.ts';
import type { FindingKind } from './announcement.ts';
import { findingUid } from './announcement.ts';
import type { AnnouncedDirection, AnnouncementSettings } from './announcement-settings.ts';
import type { Decided, Decision } from './decided.ts';
import type { Sighting } from './sighting.ts';
import { isWorse } from './worse.ts';

const MILLISECONDS_PER_HOUR = 3_600_000;

/** A decision with its kind. */
export interface KindDecided {
  readonly kind: FindingKind;
  readonly decision: Decision;
  /** Score announced before; undefined if there was none. */
  readonly previousScore?: number;
}

/**
 * Whether a sighting may have to be announced at all, whatever was announced before: malicious by the score in use (or
 * by the consensus score, for a silent decision), in a direction that the settings include, and not on the allowlist.
 */
export function mayBeAnnounced(sighting: Sighting, settings: AnnouncementSettings): boolean {
  const { directions, minimumScore } = settings;
  return (
    !sighting.isAllowed &&
    (isInUse(sighting, settings) ? isMalicious(sighting) : sighting.isMaliciousByConsensus) &&
    scoreOf(sighting, settings) >= minimumScore &&
    directions.includes(directionOf(sighting))
  );
}

/**
 * Decides whether an address is announced: when it becomes malicious, when it gets worse by 0.1, and when a local host
 * calls it after it was only seen from outside. Each kind is decided once in the quiet period, which is measured by
 * arrival time: redeliveries, however late, decide nothing.
 *
 * If another score than the consensus is in use, decisions on the consensus score are made silently, so that known
 * addresses are not news after a change of mode.
 *
 * @param decided earlier decisions about the address
 */
export function decide(
  decided: Decided,
  sighting: Sighting,
  settings: AnnouncementSettings,
): KindDecided | undefined {
  if (!mayBeAnnounced(sighting, settings)) return undefined;
  const score = scoreOf(sighting, settings);
  const kind = kindOf(decided, sighting, score, settings);
  if (kind === undefined) return undefined;
  const before = kind === 'worse' ? recentOf(decided, sighting, settings) : [];
  const isSilent = !isInUse(sighting, settings) || !settings.kinds.includes(kind);
  const peak = Math.max(peakOf(decided), score);
  return {
    kind,
    decision: {
      atMs: sighting.ingestedAtMs,
      score,
      ...(peak > score && { peak }),
      direction: sighting.direction,
      finding: findingUid(sighting),
      ...(isSilent && { isSilent }),
    },
    ...(before.length > 0 && { previousScore: Math.max(...before.map((each) => each.score)) }),
  };
}

function kindOf(
  decided: Decided,
  sighting: Sighting,
  score: number,
  settings: AnnouncementSettings,
): FindingKind | undefined {
  const { 'new-malicious': known, worse, cleared } = decided;
  const isRecent = (decision: Decision | undefined) =>
    decision !== undefined && isWithinQuiet(decision, sighting, settings);
  if (!isRecent(known)) return isStillCleared(known, cleared, score) ? undefined : 'new-malicious';
  if (isRecent(worse)) return undefined;
  // A sighting that arrived earlier may have been decided on already, by a decision that was replaced since.
  if (known !== undefined && sighting.ingestedAtMs < known.atMs) {
    return isWorse(score, peakOf(decided)) ? 'worse' : undefined;
  }
  const recent = recentOf(decided, sighting, settings);
  const isWorseThanAll = recent.every((each) => isWorse(score, each.score));
  const isNearer = recent.every((each) => nearness(sighting.direction) > nearness(each.direction));
  return isWorseThanAll || isNearer ? 'worse' : undefined;
}

function peakOf({ 'new-malicious': known, worse }: Decided): number {
  return Math.max(
    0,
    ...[known, worse].flatMap((each) => (each === undefined ? [] : (each.peak ?? each.score))),
  );
}

function recentOf(decided: Decided, sighting: Sighting, settings: AnnouncementSettings): Decision[] {
  const { 'new-malicious': known, worse } = decided;
  return [known, worse].filter(
    (each): each is Decision => each !== undefined && isWithinQuiet(each, sighting, settings),
  );
}

/** Anything that arrived before a decision is part of it. */
function isWithinQuiet(
  { atMs }: Decision,
  { ingestedAtMs }: Sighting,
  { quietHours }: AnnouncementSettings,
): boolean {
  return ingestedAtMs < atMs + quietHours * MILLISECONDS_PER_HOUR;
}

/** A human labelled the address as harmless: that holds until it gets worse. */
function isStillCleared(known: Decision | undefined, cleared: Decision | undefined, score: number): boolean {
  if (cleared === undefined || (known !== undefined && known.atMs > cleared.atMs)) return false;
  return !isWorse(score, cleared.score);
}

function isInUse({ usesConsensus }: Sighting, { withLegacy }: AnnouncementSettings): boolean {
  return usesConsensus || withLegacy;
}

/** A fallback score makes no address malicious. */
function isMalicious({ assessment, maliciousThreshold }: Sighting): boolean {
  return assessment.scored_by !== 'fallback' && assessment.threat_score >= maliciousThreshold;
}

function scoreOf(sighting: Sighting, settings: AnnouncementSettings): number {
  const { assessment } = sighting;
  if (isInUse(sighting, settings) || assessment.method !== 'median') return assessment.threat_score;
  return assessment.consensus_score;
}

function directionOf({ direction, answered }: Sighting): AnnouncedDirection {
  if (direction !== 'inbound') return direction;
  return answered > 0 ? 'inbound-answered' : 'inbound-unanswered';
}

/** A local host that calls an address is closer to harm than one that is called. */
function nearness(direction: Direction): number {
  return direction === 'inbound' ? 0 : 1;
}
