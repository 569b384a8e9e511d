import { existsSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileProblem } from '../files/file-error.ts';
import { LocalStackError } from './errors.ts';

/** A folder with a stack's state, locked until closed. */
export interface DataDirectory {
  readonly tableFolder: string;
  readonly queueFile: string;
  readonly parameterFile: string;
  readonly objectFolder: string;
  close(): void;
}

/** Space for the logs of table and queues while empty, plus some records. */
const LEAST_FREE_BYTES = 8 * 1024 * 1024;

/** SQLite's result code for a file locked by another connection. */
const SQLITE_BUSY = 5;

/**
 * Opens a folder for a stack's state, and creates it if necessary.
 *
 * The lock is SQLite's on a file in it: the operating system releases it with the process, however that ends, so a lock
 * is never stale.
 *
 * @throws {LocalStackError} `data_directory_unusable`, `data_directory_locked`
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

/** Node's own `recursive` never returns if the system answers ENOENT whatever exists, as under /proc. */
function createFolder(path: string): void {
  const folder = dirname(path);
  if (folder !== path && !existsSync(folder)) createFolder(folder);
  if (!isFolder(path)) mkdirSync(path);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Opening the table's files on a full disk would end the process. */
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
    // This journal mode creates no side files; the write verifies that the folder is writable.
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
