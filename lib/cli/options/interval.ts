import { InvalidArgumentError, Option } from 'commander';

/** The option for a polling interval, seconds. */
export function intervalOption(byDefault: number): Option {
  return new Option('--interval <seconds>', 'how often to check, 1 to 3600')
    .argParser((text) => {
      const seconds = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
      if (seconds >= 1 && seconds <= 3_600) return seconds;
      throw new InvalidArgumentError('expected a whole number of seconds from 1 to 3600.');
    })
    .default(byDefault);
}
