import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { LogSource } from '../../records/formats/read-log.ts';
import { CliError } from '../cli-error.ts';

/** Connection records made up for a first look: see the generator beside it. */
const SAMPLE = fileURLToPath(new URL('../../../test/fixtures/sample/connections.ndjson', import.meta.url));

/** Fewer, larger pieces cost less than the system's default. */
const CHUNK_BYTES = 262_144;

export interface Input extends LogSource {
  /** What it is called in messages to the user. */
  readonly name: string;
}

/**
 * Opens a file, standard input for `-`, or the sample that ships with the project where no file is named.
 *
 * @throws {CliError} where there is no such file
 */
export async function openInput(file: string | undefined): Promise<Input> {
  if (file === '-') return { name: 'standard input', chunks: process.stdin };
  const path = file ?? SAMPLE;
  try {
    if ((await stat(path)).isDirectory()) throw new CliError(`${path} is a folder: name a file of records`);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(`cannot read ${path}: ${reason(cause)}`, 1, { cause });
  }
  return {
    name: file ?? 'the sample that ships with the project',
    path,
    chunks: createReadStream(path, { highWaterMark: CHUNK_BYTES }),
  };
}

function reason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'permission denied';
  return message;
}
