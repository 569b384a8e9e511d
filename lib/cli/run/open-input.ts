import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { CliError } from '../cli-error.ts';

/** Connection records made up for a first look: see the generator beside it. */
const SAMPLE = fileURLToPath(new URL('../../../test/fixtures/sample/connections.ndjson', import.meta.url));

export interface Input {
  /** What it is called in messages to the user. */
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer | string>;
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
  return { name: file ?? 'the sample that ships with the project', chunks: createReadStream(path) };
}

function reason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'permission denied';
  return message;
}
