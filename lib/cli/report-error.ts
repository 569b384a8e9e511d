import { CommanderError } from 'commander';
import { ReportedError } from '../errors/reported-error.ts';
import { type FileError, fileError, isFileSystemError } from '../files/file-error.ts';
import { printable } from './output/terminal.ts';

/**
 * Reports in one line why a command ended.
 *
 * @returns the exit code: 0 nothing is wrong, 1 something failed, 2 invalid usage, 130 interrupted
 */
export function reportError(error: unknown): number {
  // Commander has printed it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const reported = error instanceof ReportedError ? error : nameableFileError(error);
  if (reported !== undefined) {
    if (!reported.isSilent) print(lineOf(reported));
    return reported.exitCode;
  }
  // A defect: its stack trace is shown only with the developer's variable.
  if (process.env.THREAT_CONSENSUS_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  print(`unexpected: ${String(error)}`);
  return 1;
}

function lineOf({ message, hint }: ReportedError): string {
  return hint === undefined ? message : `${message.replace(/\.$/, '')}; ${hint}`;
}

/** LevelDB, which holds the embedded table, has no system error codes. */
const LEVEL_FULL = /^IO error: (.+): No space left on device$/;

/** An untranslated file system error that names its file; socket errors don't. */
function nameableFileError(error: unknown): FileError | undefined {
  const [, fullPath] = LEVEL_FULL.exec(error instanceof Error ? error.message : '') ?? [];
  if (fullPath !== undefined) return fileError({ code: 'ENOSPC' }, { action: 'write', path: fullPath });
  if (!isFileSystemError(error)) return undefined;
  const { path, syscall = '' } = error as NodeJS.ErrnoException;
  if (path === undefined) return undefined;
  const isReading = /^(?:read|stat|lstat|scandir)$/.test(syscall);
  return fileError(error, { action: isReading ? 'read' : 'write', path });
}

function print(line: string): void {
  process.stderr.write(`error: ${printable(line)}\n`);
}
