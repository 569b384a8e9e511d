import { createReadStream, fstatSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type FileUse, fileError, isFileSystemError, withFile } from '../../../files/file-error.ts';
import type { LogSource } from '../../../logs/read-log.ts';
import { CliError } from '../../cli-error.ts';

/** Connection records made up for a first look: see the generator beside it. */
const SAMPLE = fileURLToPath(new URL('../../../../test/fixtures/sample/connections.ndjson', import.meta.url));

/** Fewer, larger pieces cost less than the system's default. */
const CHUNK_BYTES = 262_144;

export interface Input extends LogSource {
  /** What it is called in messages to the user. */
  readonly name: string;
}

/**
 * Opens a file, standard input for `-`, or the sample that ships with the project where no file is named.
 *
 * @throws {FileError} where there is no such file, and later where it can't be read
 * @throws {CliError} where it is a folder
 */
export async function openInput(file: string | undefined): Promise<Input> {
  if (file === '-') return openStandardInput();
  const path = file ?? SAMPLE;
  const use = { action: 'read', path } as const;
  const isFolder = withFile(use, () => statSync(path).isDirectory());
  if (isFolder) throw new CliError(`${path} is a folder: name a file of records`);
  return {
    name: file ?? 'the sample that ships with the project',
    path,
    chunks: readable(createReadStream(path, { highWaterMark: CHUNK_BYTES }), use),
  };
}

function openStandardInput(): Input {
  const name = 'standard input';
  // Node takes a folder for an empty file.
  if (withFile({ action: 'read', path: name }, () => fstatSync(0).isDirectory())) {
    throw new CliError(`${name} is a folder: redirect a file of records`);
  }
  return { name, chunks: readable(process.stdin, { action: 'read', path: name }) };
}

/** Names the file where reading it fails on the way. */
async function* readable(chunks: AsyncIterable<Buffer>, use: FileUse): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (cause) {
    throw isFileSystemError(cause) ? fileError(cause, use) : cause;
  }
}
