import { roundToFourDecimals } from '../probability.ts';

/**
 * Rounds a figure among a vote's features to four decimals. A figure that rounds to zero should be left out, which
 * means the same; each scorer sets its features by literal names, as a variable name takes several times as long.
 *
 * @throws RangeError if it is not finite, since a verdict with it could not be stored
 */
export function figure(name: string, value: number): number {
  const rounded = roundToFourDecimals(value);
  if (!Number.isFinite(rounded)) throw new RangeError(`feature ${name} is ${value}`);
  return rounded;
}
