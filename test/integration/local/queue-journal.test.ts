import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createStores,
  type SqsMessage,
  type SqsStore,
} from '../../../lib/local/emulators/fauxqs-internals.ts';
import { QueueJournal } from '../../../lib/local/emulators/queue-journal.ts';
import { LocalStackError } from '../../../lib/local/errors.ts';
import { createTemporaryFolder } from '../../fixtures/local/local-service.ts';

const RECEIVE_LIMIT = 1;

let file: string;
let journal: QueueJournal;
let store: SqsStore;

beforeEach(async () => {
  file = join(createTemporaryFolder(), 'sqs.db');
  journal = new QueueJournal(file);
  store = (await createStores()).sqsStore;
  journal.attach(store);
});

afterEach(() => journal.close());

function createQueue(name: string, attributes: Record<string, string> = {}) {
  return store.createQueue(name, `http://old/${name}`, arnOf(name), attributes);
}

function arnOf(name: string): string {
  return `arn:aws:sqs:us-east-1:000000000000:${name}`;
}

function message(messageId: string, changes: Partial<SqsMessage> = {}): SqsMessage {
  return {
    messageId,
    body: `body of ${messageId}`,
    md5OfBody: '',
    messageAttributes: {},
    md5OfMessageAttributes: '',
    sentTimestamp: 1,
    approximateReceiveCount: 0,
    ...changes,
  };
}

/** State that a new process would find. */
async function reopen(): Promise<SqsStore> {
  const other = new QueueJournal(file);
  const restored = (await createStores()).sqsStore;
  other.restore(restored, (name) => `http://new/${name}`);
  other.close();
  return restored;
}

async function messagesIn(queueName: string): Promise<SqsMessage[]> {
  return (await reopen()).getQueueByName(queueName)?.messages ?? [];
}

describe('QueueJournal', () => {
  it('says why it can no longer be kept, and takes nothing more that would be lost', async () => {
    const queue = createQueue('work');
    journal.commit();
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');

    expect(() => queue.enqueue(message('a'))).toThrow(
      /^The queues can no longer be kept in .*: database is locked; /,
    );
    other.exec('ROLLBACK');
    other.close();

    await expect(journal.failed).rejects.toMatchObject({ code: 'data_directory_unusable' });
    expect(() => queue.enqueue(message('b'))).toThrow(LocalStackError);
    expect(() => journal.close()).toThrow(LocalStackError);
    expect(await messagesIn('work')).toEqual([]);
    journal = new QueueJournal(file);
  });

  it('restores queues under their new address, and messages in their order', async () => {
    const queue = createQueue('work', { VisibilityTimeout: '180' });
    for (const id of ['c', 'a', 'b']) queue.enqueue(message(id));
    journal.commit();

    const restored = (await reopen()).getQueueByName('work');

    expect(restored?.url).toBe('http://new/work');
    expect(restored?.getAttribute('VisibilityTimeout')).toBe('180');
    expect(restored?.messages.map(({ messageId }) => messageId)).toEqual(['c', 'a', 'b']);
  });

  it('restores messages in flight as visible, with what is known of their receipt', async () => {
    const queue = createQueue('work');
    queue.enqueue(message('a'));
    queue.dequeue(1);
    journal.commit();

    const [restored] = await messagesIn('work');

    expect(restored?.approximateReceiveCount).toBe(1);
    expect(restored?.approximateFirstReceiveTimestamp).toBeGreaterThan(0);
  });

  it('keeps a delayed message delayed', async () => {
    const queue = createQueue('work');
    queue.enqueue(message('a', { delayUntil: Date.now() + 60_000 }));
    journal.commit();

    expect((await reopen()).getQueueByName('work')?.delayedMessages).toHaveLength(1);
  });

  it('forgets deleted messages', async () => {
    const queue = createQueue('work');
    queue.enqueue(message('a'));
    const [received] = queue.dequeue(1);
    queue.deleteMessage(received?.ReceiptHandle ?? '');
    journal.commit();

    expect(await messagesIn('work')).toEqual([]);
  });

  it('moves a message to the dead-letter queue as a whole or not at all', async () => {
    const deadLetterTargetArn = arnOf('dead-letter');
    const deadLetter = createQueue('dead-letter');
    const queue = createQueue('work', {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: RECEIVE_LIMIT }),
    });
    queue.enqueue(message('a', { approximateReceiveCount: RECEIVE_LIMIT }));
    journal.commit();

    queue.dequeue(1, undefined, () => deadLetter);

    expect(deadLetter.messages).toHaveLength(1);
    expect(await messagesIn('work')).toHaveLength(1);
    expect(await messagesIn('dead-letter')).toHaveLength(0);
    journal.commit();
    expect(await messagesIn('work')).toHaveLength(0);
    expect(await messagesIn('dead-letter')).toHaveLength(1);
  });
});
