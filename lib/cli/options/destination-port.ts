import { InvalidArgumentError, Option } from 'commander';

const LARGEST = 65_535;

/** The option `--port` of commands that filter connections by destination port. */
export function destinationPortOption(meaning: string): Option {
  return new Option('--port <port>', meaning).argParser((text) => {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
    if (port <= LARGEST) return port;
    throw new InvalidArgumentError(`expected a whole number from 0 to ${LARGEST}.`);
  });
}
