import { DatabaseSync } from 'node:sqlite';
import { fileProblem } from '../../files/file-error.ts';
import { LocalStackError } from '../errors.ts';
import type { SqsMessage, SqsPersistence, SqsQueue, SqsStore } from './fauxqs-internals.ts';

/** The changes reported by a store of standard queues. */
type QueueChanges = Pick<
  SqsPersistence,
  | 'insertQueue'
  | 'deleteQueue'
  | 'updateQueueAttributes'
  | 'updateQueueSequenceCounter'
  | 'insertMessage'
  | 'deleteMessage'
  | 'updateMessageInflight'
  | 'updateMessageReady'
  | 'deleteQueueMessages'
  | 'deleteAllMessages'
>;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS queues (
  name TEXT PRIMARY KEY, arn TEXT NOT NULL, attributes TEXT NOT NULL, tags TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS messages (
  id TEXT PRIMARY KEY, queue TEXT NOT NULL, content TEXT NOT NULL,
  receive_count INTEGER NOT NULL, first_received_at INTEGER
);`;

/**
 * Keeps standard queues and their messages in a SQLite file.
 *
 * fauxqs' own persistence would lose messages: it moves a message to the dead-letter queue in two transactions with a
 * gap between them, tagging a queue deletes its messages, and making a message visible fails. Here, changes are
 * collected in one transaction that `commit` ends, once per response: a move is atomic, and every answer to a client is
 * on record.
 */
export class QueueJournal implements QueueChanges {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #file: string;
  readonly #failure = Promise.withResolvers<never>();
  #error: LocalStackError | undefined;
  #isInTransaction = false;

  constructor(file: string) {
    this.#file = file;
    this.#failure.promise.catch(() => {});
    this.#database = new DatabaseSync(file);
    // Without a sync per commit a killed process loses nothing, but a power cut may.
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    this.#database.exec(SCHEMA);
    this.#statements = prepareStatements(this.#database);
  }

  /** Rejects if the file can't be written: later answers to clients would not be on record. */
  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  /**
   * Restores the journalled queues and messages into a store. Messages that were in flight become visible at once,
   * since their receivers ended with the former process. They keep their receive count.
   *
   * @param urlOf returns the URL of a queue, which contains a port that changes from run to run
   */
  restore(store: SqsStore, urlOf: (queueName: string) => string): void {
    for (const row of this.#statements.readQueues.all()) {
      const name = String(row.name);
      const attributes = JSON.parse(String(row.attributes));
      const tags = JSON.parse(String(row.tags));
      const queue = store.createQueue(name, urlOf(name), String(row.arn), attributes, tags);
      for (const message of this.#readMessages(name)) {
        // A delayed message becomes visible by itself when its delay is over.
        if (message.delayUntil) queue.delayedMessages.push(message);
        else queue.messages.push(message);
      }
    }
  }

  /** From now on, the store's changes are journalled. */
  attach(store: SqsStore): void {
    const persistence = this as unknown as SqsPersistence;
    store.persistence = persistence;
    for (const queue of store.allQueues()) queue.persistence = persistence;
  }

  /** Commits the changes so far. Must be called before a response is sent. */
  commit(): void {
    this.#attempt(() => {
      if (!this.#isInTransaction) return;
      this.#database.exec('COMMIT');
      this.#isInTransaction = false;
    });
  }

  /** @throws {LocalStackError} if not everything could be written */
  close(): void {
    try {
      this.commit();
    } finally {
      this.#database.close();
    }
  }

  insertQueue(queue: SqsQueue): void {
    const tags = JSON.stringify(Object.fromEntries(queue.tags));
    this.#change(({ putQueue }) =>
      putQueue.run(queue.name, queue.arn, JSON.stringify(queue.attributes), tags),
    );
  }

  deleteQueue(name: string): void {
    this.#change(({ deleteQueue }) => deleteQueue.run(name));
    this.deleteQueueMessages(name);
  }

  updateQueueAttributes(name: string, attributes: Record<string, string>): void {
    this.#change(({ updateAttributes }) => updateAttributes.run(JSON.stringify(attributes), name));
  }

  /** Only FIFO queues use it. */
  updateQueueSequenceCounter(): void {}

  insertMessage(queueName: string, message: SqsMessage): void {
    this.#change(({ putMessage }) =>
      putMessage.run(
        message.messageId,
        queueName,
        JSON.stringify(message),
        message.approximateReceiveCount,
        message.approximateFirstReceiveTimestamp ?? null,
      ),
    );
  }

  deleteMessage(messageId: string): void {
    this.#change(({ deleteMessage }) => deleteMessage.run(messageId));
  }

  /** Only the counters of an in-flight message matter, since that state does not outlive the process. */
  updateMessageInflight(
    messageId: string,
    _receiptHandle: string,
    _visibilityDeadline: number,
    receiveCount: number,
    firstReceivedAt?: number,
  ): void {
    this.#change(({ updateReceived }) =>
      updateReceived.run(receiveCount, firstReceivedAt ?? null, messageId),
    );
  }

  /** The counters stay as they are. */
  updateMessageReady(): void {}

  deleteQueueMessages(queueName: string): void {
    this.#change(({ deleteMessagesOf }) => deleteMessagesOf.run(queueName));
  }

  deleteAllMessages(): void {
    this.#change(({ deleteAllMessages }) => deleteAllMessages.run());
  }

  #readMessages(queueName: string): SqsMessage[] {
    return this.#statements.readMessages.all(queueName).map((row) => {
      const message: SqsMessage = JSON.parse(String(row.content));
      message.approximateReceiveCount = Number(row.receive_count);
      if (row.first_received_at !== null) {
        message.approximateFirstReceiveTimestamp = Number(row.first_received_at);
      }
      return message;
    });
  }

  #change(change: (statements: Statements) => void): void {
    this.#attempt(() => {
      if (!this.#isInTransaction) this.#database.exec('BEGIN');
      this.#isInTransaction = true;
      change(this.#statements);
    });
  }

  /** After a failure SQLite has rolled back the transaction; continuing would silently lose its changes. */
  #attempt(action: () => void): void {
    if (this.#error !== undefined) throw this.#error;
    try {
      action();
    } catch (cause) {
      const message = `The queues can no longer be kept in ${this.#file}: ${fileProblem(cause, this.#file)}.`;
      this.#error = new LocalStackError('data_directory_unusable', message, { cause });
      this.#failure.reject(this.#error);
      throw this.#error;
    }
  }
}

type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(database: DatabaseSync) {
  return {
    readQueues: database.prepare('SELECT * FROM queues'),
    putQueue: database.prepare('INSERT OR REPLACE INTO queues VALUES (?, ?, ?, ?)'),
    deleteQueue: database.prepare('DELETE FROM queues WHERE name = ?'),
    updateAttributes: database.prepare('UPDATE queues SET attributes = ? WHERE name = ?'),
    readMessages: database.prepare('SELECT * FROM messages WHERE queue = ? ORDER BY rowid'),
    putMessage: database.prepare('INSERT OR REPLACE INTO messages VALUES (?, ?, ?, ?, ?)'),
    updateReceived: database.prepare(
      'UPDATE messages SET receive_count = ?, first_received_at = ? WHERE id = ?',
    ),
    deleteMessage: database.prepare('DELETE FROM messages WHERE id = ?'),
    deleteMessagesOf: database.prepare('DELETE FROM messages WHERE queue = ?'),
    deleteAllMessages: database.prepare('DELETE FROM messages'),
  };
}
