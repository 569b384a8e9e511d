import type { Exchange } from './exchange.ts';
import { measureRegularity } from './regularity.ts';

/** Services that ask for a name and a password, by the IANA registry's ports and common alternatives. */
const LOGIN_PORTS: ReadonlySet<number> = new Set([
  21, 22, 23, 110, 143, 389, 445, 465, 587, 993, 995, 1433, 1521, 2222, 2323, 3306, 3389, 5060, 5061, 5432,
  5900, 5901, 5985, 5986, 6379, 22222, 27017, 33389,
]);
/**
 * A refused password takes seconds and a few thousand bytes each way; a session in which something is done takes more.
 */
const LONGEST_SECONDS = 30;
const MOST_BYTES = 8_000;
/** Longest pause between attempts of one guesser; a check of a service every few minutes is a monitor. */
const LONGEST_PAUSE_SECONDS = 45;
/** Rare, evenly timed exchanges are a check, or a phone that registers: a guesser has no schedule to keep. */
const SHORTEST_CHECK_SECONDS = 15;
const LARGEST_CHECK_JITTER = 0.02;
const FEWEST_CHECKS = 8;

/**
 * Counts short answered exchanges with login services in close succession, unless they are evenly timed as checks are.
 *
 * @param exchanges of one address in one direction, in time order
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
