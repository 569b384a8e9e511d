import { Argument } from 'commander';

const LOG = 'records or a sensor log, optionally compressed (gzip, zstd); - is standard input';

/** The argument that names a log to read. */
export function inputFile(): Argument {
  return new Argument('<file>', LOG);
}

/** The argument that names a log to read, which may be left out. */
export function inputFileOrSample(): Argument {
  return new Argument('[file]', `${LOG} (default: a sample)`);
}
