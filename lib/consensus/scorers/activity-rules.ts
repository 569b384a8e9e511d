import type { ActivityEvidence } from '../activity-evidence.ts';

/** If a rule holds, the address is malicious with the rule's weight as probability for this reason alone. */
export interface ActivityRule {
  /** Probability of the cause, 0-1 exclusive. */
  readonly weight: number;
  readonly holds: (activity: ActivityEvidence) => boolean;
}

/** Rules of one kind in ascending order, as in `rules.ts`; they are named together. */
export interface ActivityLadder {
  readonly describe: (activity: ActivityEvidence) => string;
  readonly rungs: readonly ActivityRule[];
}

/** Deviation of intervals up to which calls come from a machine, percent: implants add up to 20 % on purpose. */
const MACHINE_JITTER_PERCENT = 20;
/** Deviation of sizes up to which calls say the same thing each time, percent. */
const SAME_SIZE_PERCENT = 5;
const SIMILAR_SIZE_PERCENT = 15;

/**
 * What connections show by themselves. The weights are judgement, based on labelled sensor logs: of the addresses that
 * knock three times within a unit, hardly any is harmless; a single knock may be a late packet or a mistyped address.
 *
 * Unanswered knocks can be forged by anyone, so all of their rungs together stay below 0.85 with the base rate and the
 * connection's context. Retries of one dead destination, as a decommissioned server causes them too, stay at 0.6 or
 * below.
 */
export const ACTIVITY_LADDERS: readonly ActivityLadder[] = [
  {
    describe: describeKnocks,
    rungs: [
      { weight: 0.25, holds: ({ knocks }) => knocks >= 1 },
      { weight: 0.3, holds: ({ knocks }) => knocks >= 2 },
      { weight: 0.46, holds: ({ knocks }) => knocks >= 3 },
      { weight: 0.12, holds: ({ knocks }) => knocks >= 5 },
      { weight: 0.1, holds: ({ knocks }) => knocks >= 10 },
      { weight: 0.06, holds: ({ doors }) => doors >= 3 },
      { weight: 0.06, holds: ({ doors }) => doors >= 10 },
      { weight: 0.06, holds: ({ doors }) => doors >= 30 },
    ],
  },
  {
    describe: ({ guesses }) => `${atLeast(guesses)} short sessions with a login service`,
    rungs: [
      { weight: 0.4, holds: ({ guesses }) => guesses >= 5 },
      { weight: 0.5, holds: ({ guesses }) => guesses >= 10 },
      { weight: 0.4, holds: ({ guesses }) => guesses >= 30 },
      { weight: 0.4, holds: ({ guesses }) => guesses >= 100 },
    ],
  },
  {
    describe: ({ calls, intervalSeconds, jitterPercent }) =>
      `called ${atLeast(calls)} times, every ${intervalSeconds} s or so, give or take ${jitterPercent} %`,
    rungs: [
      { weight: 0.2, holds: ({ calls }) => calls >= 5 },
      { weight: 0.3, holds: (a) => a.calls >= 5 && a.sizeJitterPercent <= SIMILAR_SIZE_PERCENT },
      { weight: 0.3, holds: (a) => a.calls >= 5 && a.sizeJitterPercent <= SAME_SIZE_PERCENT },
    ],
  },
  {
    describe: () => 'the same size each time',
    rungs: [
      { weight: 0.35, holds: (a) => a.calls >= 10 && isAlike(a) },
      { weight: 0.2, holds: (a) => a.calls >= 20 && isAlike(a) },
      { weight: 0.1, holds: (a) => a.calls >= 50 && isAlike(a) },
    ],
  },
  {
    describe: () => 'on a port that browsers do not use',
    rungs: [
      { weight: 0.4, holds: (a) => a.calls >= 5 && !a.isWeb && a.sizeJitterPercent <= SIMILAR_SIZE_PERCENT },
    ],
  },
  {
    describe: ({ retries }) => `tried ${atLeast(retries)} times, never answered`,
    rungs: [
      { weight: 0.15, holds: ({ retries }) => retries >= 3 },
      { weight: 0.15, holds: ({ retries }) => retries >= 10 },
      { weight: 0.2, holds: ({ retries }) => retries >= 100 },
    ],
  },
];

function isAlike({ jitterPercent, sizeJitterPercent }: ActivityEvidence): boolean {
  return jitterPercent <= MACHINE_JITTER_PERCENT + 10 && sizeJitterPercent <= SAME_SIZE_PERCENT;
}

/** Counts are in steps. */
function atLeast(count: number): string {
  return count > 3 ? `${count}+` : `${count}`;
}

function describeKnocks({ knocks, doors, hosts, answered }: ActivityEvidence): string {
  if (doors <= 1)
    return knocks === 1 ? 'a knock at a closed port' : `${atLeast(knocks)} knocks at a closed port`;
  const where = hosts <= 1 ? '1 host' : `${atLeast(hosts)} hosts`;
  return `${atLeast(doors)} closed ports of ${where}, ${answered === 0 ? 'none answered' : 'others answered'}`;
}
