import { roundToFourDecimals } from '../probability.ts';

/**
 * Adds a figure to a vote's features with four decimals; what rounds to zero is left out, which means the same.
 *
 * @throws RangeError for what is not finite, since no verdict could be stored with it
 */
export function addFeature(features: Record<string, number>, name: string, value: number): void {
  const rounded = roundToFourDecimals(value);
  if (rounded === 0) return;
  if (!Number.isFinite(rounded)) throw new RangeError(`feature ${name} is ${value}`);
  features[name] = rounded;
}
