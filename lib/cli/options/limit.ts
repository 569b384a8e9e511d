import { InvalidArgumentError, Option } from 'commander';

/** The option that limits how many entries are shown or processed. */
export function limitOption(byDefault: number, meaning = 'show at most this many'): Option {
  return new Option('--limit <n>', meaning).argParser(positiveCount).default(byDefault);
}

/** Reads a limit, 1 to a million. */
export function positiveCount(text: string): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > 1_000_000)
    throw new InvalidArgumentError('expected a whole number from 1 to 1000000.');
  return count;
}
