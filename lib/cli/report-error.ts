import { CommanderError } from 'commander';
import { ParameterError } from '../cutover/parameter-error.ts';
import { FileError, fileError, isFileSystemError } from '../files/file-error.ts';
import { OutputClosedError } from '../files/standard-output.ts';
import { LocalStackError } from '../local/errors.ts';
import { InputError } from '../records/formats/input-error.ts';
import { StoreError } from '../store/store-error.ts';
import { CliError, InterruptedError } from './cli-error.ts';
import { hintFor } from './hints.ts';
import { printable } from './output/terminal.ts';

/**
 * Tells the user in one line what ended a command.
 *
 * @returns the exit code: 0 nothing is wrong, 1 something failed, 2 called wrongly, 130 interrupted
 */
export function reportError(error: unknown): number {
  // Commander has told it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof InterruptedError) return 130;
  if (error instanceof OutputClosedError) return 0;
  if (error instanceof CliError) return tell(error.message, error.exitCode);
  if (error instanceof StoreError || error instanceof ParameterError)
    return tell(`${error.message.replace(/\.$/, '')}; ${hintFor(error)}`);
  if (error instanceof LocalStackError || error instanceof InputError || error instanceof FileError) {
    return tell(error.message);
  }
  const ofFile = nameableFileError(error);
  if (ofFile !== undefined) return tell(ofFile.message);
  // A defect: only the developer's variable shows where it is.
  if (process.env.THREAT_CONSENSUS_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return tell(`unexpected: ${String(error)}`);
}

/** LevelDB, in which the embedded table lives, has no codes of the system. */
const LEVEL_FULL = /^IO error: (.+): No space left on device$/;

/** A file system error that nobody translated, where it names its file: those of sockets don't. */
function nameableFileError(error: unknown): FileError | undefined {
  const [, fullPath] = LEVEL_FULL.exec(error instanceof Error ? error.message : '') ?? [];
  if (fullPath !== undefined) return fileError({ code: 'ENOSPC' }, { action: 'write', path: fullPath });
  if (!isFileSystemError(error)) return undefined;
  const { path, syscall = '' } = error as NodeJS.ErrnoException;
  if (path === undefined) return undefined;
  const isReading = /^(?:read|stat|lstat|scandir)$/.test(syscall);
  return fileError(error, { action: isReading ? 'read' : 'write', path });
}

function tell(message: string, exitCode = 1): number {
  process.stderr.write(`error: ${printable(message)}\n`);
  return exitCode;
}
