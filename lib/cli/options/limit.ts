import { InvalidArgumentError, Option } from 'commander';

/** The option that bounds how many things are shown or worked on. */
export function limitOption(byDefault: number, meaning = 'show at most so many'): Option {
  return new Option('--limit <n>', meaning).argParser(positiveCount).default(byDefault);
}

/** Reads a number of things to show, 1 to a million. */
export function positiveCount(text: string): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > 1_000_000)
    throw new InvalidArgumentError('expected a whole number from 1 to 1000000.');
  return count;
}
