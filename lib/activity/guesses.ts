import type { Exchange } from './exchange.ts';
import { measureRegularity } from './regularity.ts';

/** Services that ask for a name and a password, by the IANA registry's ports and those that they are often moved to. */
const LOGIN_PORTS: ReadonlySet<number> = new Set([
  21, 22, 23, 110, 143, 389, 445, 465, 587, 993, 995, 1433, 1521, 2222, 2323, 3306, 3389, 5060, 5061, 5432,
  5900, 5901, 5985, 5986, 6379, 22222, 27017, 33389,
]);
/** A refused password takes seconds and a few thousand bytes each way; a session that does something takes more. */
const LONGEST_SECONDS = 30;
const MOST_BYTES = 8_000;
/** Between tries of one guesser; what checks a service every few minutes is a monitor. */
const LONGEST_PAUSE_SECONDS = 45;
/** What comes so seldom and keeps time so well is a check, or a telephone that registers: who guesses has no clock to keep. */
const SHORTEST_CHECK_SECONDS = 15;
const LARGEST_CHECK_JITTER = 0.02;
const FEWEST_CHECKS = 8;

/**
 * Counts short answered exchanges with login services that follow one another closely, unless they keep time as checks do.
 *
 * @param exchanges of one address in one direction, in the order of time
 */
export function countGuesses(exchanges: readonly Exchange[]): number {
  const logins = exchanges.filter(isShortLogin);
  const pauses = logins.slice(1).map(({ at }, n) => at - (logins[n]?.at ?? 0));
  if (areChecks(pauses)) return 0;
  const guesses = pauses.filter((pause) => pause <= LONGEST_PAUSE_SECONDS).length;
  return guesses === 0 ? 0 : guesses + 1;
}

function areChecks(pauses: readonly number[]): boolean {
  if (pauses.length < FEWEST_CHECKS) return false;
  const { median, dispersion } = measureRegularity(pauses);
  return median >= SHORTEST_CHECK_SECONDS && dispersion <= LARGEST_CHECK_JITTER;
}

function isShortLogin({ port, outcome, duration, sent, received }: Exchange): boolean {
  return (
    outcome === 'answered' &&
    LOGIN_PORTS.has(port) &&
    (duration === undefined || duration <= LONGEST_SECONDS) &&
    (sent ?? 0) <= MOST_BYTES &&
    (received ?? 0) <= MOST_BYTES
  );
}
