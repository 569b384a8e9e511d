import { existsSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileProblem } from '../files/file-error.ts';
import { LocalStackError } from './errors.ts';

/** A folder that holds a stack's state, in use by nobody else until closed. */
export interface DataDirectory {
  readonly tableFolder: string;
  readonly queueFile: string;
  readonly parameterFile: string;
  readonly objectFolder: string;
  close(): void;
}

/** What the table's and the queues' logs take before anything is stored, and some records. */
const LEAST_FREE_BYTES = 8 * 1024 * 1024;

/** SQLite's result code for a file that another connection has locked. */
const SQLITE_BUSY = 5;

/**
 * Opens a folder for a stack's state; creates it where it does not exist.
 *
 * The lock is SQLite's on a file in it: the system releases it with the process, however that ends, so that no stale
 * lock ever needs removing.
 *
 * @throws {LocalStackError} `data_directory_unusable`, `data_directory_locked`.
 */
export function openDataDirectory(path: string): DataDirectory {
  ensureFolder(path);
  requireSpace(path);
  const lock = acquireLock(path);
  return {
    tableFolder: join(path, 'dynamodb'),
    queueFile: join(path, 'sqs.db'),
    parameterFile: join(path, 'ssm.json'),
    objectFolder: join(path, 's3'),
    close: () => lock.close(),
  };
}

function ensureFolder(path: string): void {
  try {
    createFolder(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new LocalStackError('data_directory_unusable', `The data directory ${path} is not a directory.`, {
        cause,
      });
    }
    throw unusable(path, cause);
  }
}

/** Node's own `recursive` never returns where the system says ENOENT whatever exists, as under /proc. */
function createFolder(path: string): void {
  const folder = dirname(path);
  if (folder !== path && !existsSync(folder)) createFolder(folder);
  if (!isFolder(path)) mkdirSync(path);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The table's files can't be opened on a full disk, and would end the process. */
function requireSpace(path: string): void {
  const { blocks, bavail, bsize } = statfsSync(path);
  if (blocks === 0 || bavail * bsize >= LEAST_FREE_BYTES) return;
  const free = Math.floor((bavail * bsize) / 1024);
  const message = `The data directory ${path} cannot be used: ${free} KB are free on its disk, and 8 MB are needed; free some space, or choose another place.`;
  throw new LocalStackError('data_directory_unusable', message);
}

function acquireLock(path: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(path, 'lock.db'));
    // The journal mode keeps the lock free of side files; the write makes sure that the folder can be written to.
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
    lock.exec('PRAGMA user_version = 1');
    return lock;
  } catch (cause) {
    lock?.close();
    if ((cause as { errcode?: number }).errcode === SQLITE_BUSY) {
      const message = `The data directory ${path} is in use by another local stack.`;
      throw new LocalStackError('data_directory_locked', message, { cause });
    }
    throw unusable(path, cause);
  }
}

function unusable(path: string, cause: unknown): LocalStackError {
  const message = `The data directory ${path} cannot be used: ${fileProblem(cause, (cause as NodeJS.ErrnoException).path ?? path)}.`;
  return new LocalStackError('data_directory_unusable', message, { cause });
}
