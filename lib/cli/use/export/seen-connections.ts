import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type FileUse, withFile } from '../../../files/file-error.ts';
import type { ConnectionRecord } from '../../../records/connection-record.ts';
import { recordIdentity } from '../../../records/record-identity.ts';

/** Rows written together: each transaction costs as much as hundreds of rows. */
const ROWS_PER_TRANSACTION = 10_000;

/** SQLite's directory for temporary files, in its order of precedence (https://sqlite.org/tempfiles.html). */
const TEMPORARY: FileUse = {
  action: 'write',
  what: 'temporary data in',
  path: process.env.SQLITE_TMPDIR || process.env.TMPDIR || '/var/tmp',
  elsewhere: 'set SQLITE_TMPDIR to another folder',
};

/**
 * A set of connections by identity, of any size in constant memory: a temporary SQLite database in an unnamed file,
 * which SQLite deletes itself.
 */
export class SeenConnections {
  readonly #database = new DatabaseSync('');
  readonly #insert: StatementSync;
  #rows = 0;

  constructor() {
    this.#database.exec('PRAGMA journal_mode = OFF');
    this.#database.exec('CREATE TABLE seen (identity BLOB PRIMARY KEY) WITHOUT ROWID');
    this.#database.exec('BEGIN');
    this.#insert = this.#database.prepare('INSERT OR IGNORE INTO seen VALUES (?)');
  }

  /** Whether the connection is new to the set. */
  isNew(record: ConnectionRecord): boolean {
    const identity = Buffer.from(recordIdentity(record), 'base64url');
    return withFile(TEMPORARY, () => {
      const { changes } = this.#insert.run(identity);
      if (++this.#rows % ROWS_PER_TRANSACTION === 0) this.#database.exec('COMMIT; BEGIN');
      return changes === 1;
    });
  }

  close(): void {
    this.#database.close();
  }
}
