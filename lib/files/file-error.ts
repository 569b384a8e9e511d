import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ReportedError } from '../errors/reported-error.ts';

/**
 * A file could not be read or written. The message is one line: which file, what went wrong, and what to do about it.
 */
export class FileError extends ReportedError {
  override readonly name = 'FileError';
  readonly code = 'FILE';

  /** Adds a sentence to the message, such as what was done before the failure. */
  with(sentence: string): FileError {
    return new FileError(`${this.message}. ${sentence}`, { cause: this });
  }
}

/** Why a file is used, for error messages. */
export interface FileUse {
  readonly action: 'read' | 'write';
  readonly path: string;
  /** What the file is to the user: `the checkpoint`. */
  readonly what?: string | undefined;
  /** How the user can choose another path. */
  readonly elsewhere?: string;
}

/** An error of Node's file system functions, or of SQLite. */
type Cause = Partial<NodeJS.ErrnoException> & { readonly errcode?: number };

/** What went wrong, and what to do about it. */
type Explanation = readonly [problem: string, remedy: string];

/** Converts an error of the file system or SQLite into a {@link FileError}; a FileError is returned unchanged. */
export function fileError(cause: unknown, use: FileUse): FileError {
  if (cause instanceof FileError) return cause;
  const { action, what, path, elsewhere = 'name a file elsewhere' } = use;
  const [problem, remedy] = explain(cause as Cause, { action, path, elsewhere });
  const name = what === undefined ? path : `${what} ${path}`;
  return new FileError(`cannot ${action} ${name}: ${problem}; ${remedy}`, { cause });
}

/** Describes the problem with a file or folder, for messages worded otherwise. */
export function fileProblem(cause: unknown, path: string): string {
  return explain(cause as Cause, { action: 'write', path, elsewhere: 'choose another location' }).join('; ');
}

/** Runs a function that uses a file. @throws {FileError} for errors of the file system or SQLite */
export function withFile<Result>(use: FileUse, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    throw isFileSystemError(cause) ? fileError(cause, use) : cause;
  }
}

/** Whether an error comes from the file system or SQLite, rather than from a defect or a service. */
export function isFileSystemError(error: unknown): boolean {
  const { code, syscall } = (error ?? {}) as Cause;
  return code === 'ERR_SQLITE_ERROR' || (syscall !== undefined && code !== undefined && /^E[A-Z]/.test(code));
}

type Known = Required<Pick<FileUse, 'action' | 'path' | 'elsewhere'>>;

function explain(cause: Cause, use: Known): Explanation {
  const { path, elsewhere } = use;
  const code = cause.code === 'ERR_SQLITE_ERROR' ? codeOfSqlite(cause.errcode) : cause.code;
  switch (code) {
    case 'ENOSPC':
      return ['the disk is full', `free some space, or ${elsewhere}`];
    case 'EDQUOT':
      return ['the disk quota is used up', `free some space, or ${elsewhere}`];
    case 'EROFS':
      return ['the file system is read-only', elsewhere];
    case 'EACCES':
    case 'EPERM':
      return ['permission denied', `change the permissions of the file and its folder, or ${elsewhere}`];
    case 'ENOENT':
      return explainMissing(use);
    case 'ENOTDIR':
    case 'EEXIST': {
      const blocking = ancestorsOf(path).find((ancestor) => existsSync(ancestor) && !isFolder(ancestor));
      return [`${blocking ?? 'part of the path'} is not a folder`, 'check the path'];
    }
    case 'EISDIR':
    case 'ENOTEMPTY':
      return ['it is a folder', 'name a file in it'];
    case 'ENAMETOOLONG':
      return ['the name is too long', 'choose a shorter one'];
    case 'ELOOP':
      return ['its symbolic links form a loop', 'check the path'];
    case 'EMFILE':
    case 'ENFILE':
      return ['too many files are open', 'close other programs, or raise the limit (`ulimit -n`)'];
    case 'EFBIG':
      return ['the file would be too large', `raise the limit (\`ulimit -f\`), or ${elsewhere}`];
    case 'EIO':
      return ['the device reported an I/O error', `check the device, or ${elsewhere}`];
    case 'EBUSY':
    case 'ETXTBSY':
      return ['another program is using it', `try again later, or ${elsewhere}`];
    case 'EPIPE':
      return ['the program reading it has ended', 'start that again'];
    case 'ENXIO':
    case 'ENODEV':
      return ['there is no such device', 'check the path'];
    case 'EINVAL':
    case 'ENOTSUP':
    case 'EOPNOTSUPP':
      return ['the file system does not support it', elsewhere];
    default:
      return [reasonOf(cause), `check the path, or ${elsewhere}`];
  }
}

function explainMissing({ action, path, elsewhere }: Known): Explanation {
  if (action === 'read') return ['there is no such file', 'check the path'];
  const missing = ancestorsOf(path).findLast((ancestor) => !existsSync(ancestor));
  if (missing === undefined) return ['nothing can be created there', elsewhere];
  return [`there is no folder ${missing}`, `create it, or ${elsewhere}`];
}

/** A path's parent folders, nearest first. */
function ancestorsOf(path: string): string[] {
  const ancestors: string[] = [];
  for (let folder = dirname(path); folder !== ancestors.at(-1); folder = dirname(folder))
    ancestors.push(folder);
  return ancestors;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** SQLite's primary result codes caused by the file system (https://sqlite.org/rescode.html). */
function codeOfSqlite(errcode = 0): string | undefined {
  const codes: Readonly<Record<number, string>> = { 8: 'EROFS', 10: 'EIO', 13: 'ENOSPC', 22: 'EFBIG' };
  return codes[errcode & 0xff];
}

/** The reason in a Node error message such as `EXYZ: reason, open 'path'`. */
function reasonOf(cause: Cause): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replace(/^E[A-Z0-9]+: /, '').replace(/, \w+(?: '.*)?$/s, '');
}
