import { roundToFourDecimals } from '../probability.ts';

/** Adds a figure to a vote's features with four decimals; what rounds to zero is left out, which means the same. */
export function addFeature(features: Record<string, number>, name: string, value: number): void {
  const rounded = roundToFourDecimals(value);
  if (rounded !== 0) features[name] = rounded;
}
