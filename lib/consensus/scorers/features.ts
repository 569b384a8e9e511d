import { roundToFourDecimals } from '../probability.ts';

/**
 * Rounds a figure among a vote's features to four decimals. What rounds to zero is to be left out, which means the same;
 * each scorer sets its features by their names, as a store by a name that varies takes several times as long.
 *
 * @throws RangeError for what is not finite, since no verdict could be stored with it
 */
export function figure(name: string, value: number): number {
  const rounded = roundToFourDecimals(value);
  if (!Number.isFinite(rounded)) throw new RangeError(`feature ${name} is ${value}`);
  return rounded;
}
