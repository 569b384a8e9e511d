import { InvalidArgumentError, Option } from 'commander';

/** The option for the share of addresses that use the consensus score. */
export function percentOption(meaning: string): Option {
  return new Option('--percent <n>', meaning).argParser(percent);
}

/** Reads a whole percentage. */
export function percent(text: string): number {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 100) return value;
  throw new InvalidArgumentError('expected a whole number from 0 to 100.');
}
