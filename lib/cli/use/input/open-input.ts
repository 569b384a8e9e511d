import { accessSync, constants, createReadStream, existsSync, fstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type FileUse, fileError, isFileSystemError, withFile } from '../../../files/file-error.ts';
import { PACKAGE_FOLDER } from '../../../files/package-folder.ts';
import type { LogSource } from '../../../logs/read-log.ts';
import { CliError } from '../../cli-error.ts';

/** Synthetic connection records for a first look; the generator is next to them. */
const SAMPLE = join(PACKAGE_FOLDER, 'test/fixtures/sample/connections.ndjson');

/** Larger chunks than the system's default cost less. */
const CHUNK_BYTES = 262_144;

export interface Input extends LogSource {
  /** Its name in messages to the user. */
  readonly name: string;
}

/** The command that reads standard input, for advice. */
const PUSH = 'push -';

/**
 * Opens a file, standard input for `-`, or the bundled sample if no file is named.
 *
 * @throws {FileError} if there is no such file, or later if it can't be read
 * @throws {CliError} if it is a folder or a URL
 */
export async function openInput(file: string | undefined, command: string = PUSH): Promise<Input> {
  if (file === '-') return openStandardInput();
  const path = file ?? SAMPLE;
  const use = { action: 'read', path } as const;
  refuseUrl(path, command);
  const stats = withFile(use, () => statSync(path));
  if (stats.isDirectory()) {
    const all = `; \`find ${path} -type f -exec npx threat-consensus push {} \\;\` sends all of them`;
    throw new CliError(`${path} is a folder: name a file in it${command === PUSH ? all : ''}`);
  }
  // The file is opened later, but a missing permission should show before anything is started.
  if (stats.isFile()) withFile(use, () => accessSync(path, constants.R_OK));
  return {
    name: file ?? 'the sample that ships with the project',
    path,
    chunks: readable(createReadStream(path, { highWaterMark: CHUNK_BYTES }), use),
  };
}

/** How to download a file, by its URL's scheme. */
const DOWNLOADS: ReadonlyMap<string, (url: string) => string> = new Map([
  ['s3:', (url) => `aws s3 cp ${url} -`],
  ['http:', (url) => `curl -fsSL ${url}`],
  ['https:', (url) => `curl -fsSL ${url}`],
]);

/** @throws {CliError} if a URL is given instead of a file */
function refuseUrl(path: string, command: string): void {
  const scheme = /^([a-z][a-z0-9+.-]*:)\/\//i.exec(path)?.[1]?.toLowerCase();
  if (scheme === undefined || existsSync(path)) return;
  const download = DOWNLOADS.get(scheme)?.(path);
  throw new CliError(
    `${path} is a URL: ${download === undefined ? 'name a file on this machine' : `download it first, as in \`${download} | npx threat-consensus ${command}\``}`,
  );
}

function openStandardInput(): Input {
  const name = 'standard input';
  // Node reads a folder as an empty file.
  if (withFile({ action: 'read', path: name }, () => fstatSync(0).isDirectory())) {
    throw new CliError(`${name} is a folder: redirect a file of records`);
  }
  return { name, chunks: readable(process.stdin, { action: 'read', path: name }) };
}

/** Names the file in read errors. */
async function* readable(chunks: AsyncIterable<Buffer>, use: FileUse): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (cause) {
    throw isFileSystemError(cause) ? fileError(cause, use) : cause;
  }
}
