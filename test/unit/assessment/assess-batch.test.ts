import { ResourceNotFoundException, ThrottlingException } from '@aws-sdk/client-dynamodb';
import {
  DeleteMessageBatchCommand,
  QueueDoesNotExist,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { BatchGetCommand, BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { TimeBudget } from '../../../lib/aws/time-budget.ts';
import type { LookUpSources } from '../../../lib/intelligence/intelligence.ts';
import type { LookUpRound } from '../../../lib/intelligence/look-up-round.ts';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { assessBatch, type BatchOptions } from '../../../lib/assessment/assess-batch.ts';
import type { QueuedMessage } from '../../../lib/assessment/queued-message.ts';
import { withStoredText } from '../../../lib/store/stored-text.ts';
import { SCHEMA_VERSION } from '../../../lib/store/table-schema.ts';
import { documentClient } from '../../factories/dynamodb.ts';
import { queuedMessage, SENT_AT_MS, scoreMessage, scoringOptions } from '../../factories/messages.ts';
import { jsonLines, sensorRecord } from '../../factories/records.ts';

interface Key {
  readonly pk: string;
  readonly sk: string;
}

const client = documentClient();
const dynamodb = mockClient(client);
const sqsClient = new SQSClient({ region: 'eu-central-1' });
const sqs = mockClient(sqsClient);
const answer = { message: 'no', $metadata: { httpStatusCode: 400 } };
const missing = new ResourceNotFoundException(answer);

const STARTED_AT_MS = SENT_AT_MS + 1_000;

function budget(now: () => number): TimeBudget {
  return new TimeBudget(STARTED_AT_MS, STARTED_AT_MS + 30_000, now);
}

function batchOptions(overrides: Partial<BatchOptions> = {}): BatchOptions {
  return {
    ...scoringOptions(),
    table: { client, tableName: 'assessments' },
    rejectedQueue: { client: sqsClient, queueUrl: 'https://sqs.test/rejected' },
    budget: budget(() => STARTED_AT_MS + 40),
    ...overrides,
  };
}

/**
 * Messages with ids from `message-1` on, each in a different minute and so a separate unit; a string is a body, a list
 * its records.
 */
function messages(...bodies: readonly (string | readonly unknown[])[]): QueuedMessage[] {
  return bodies.map((body, index) =>
    queuedMessage({
      messageId: `message-${index + 1}`,
      sentAtMs: SENT_AT_MS + index * 60_000,
      body: typeof body === 'string' ? body : jsonLines(body),
    }),
  );
}

function writtenBatches(): Key[][] {
  return dynamodb
    .commandCalls(BatchWriteCommand)
    .map(({ args }) =>
      (args[0].input.RequestItems?.assessments ?? []).map(
        ({ PutRequest }) => PutRequest?.Item as unknown as Key,
      ),
    );
}

function sentEntries(): SendMessageBatchRequestEntry[] {
  return sqs.commandCalls(SendMessageBatchCommand).flatMap(({ args }) => args[0].input.Entries ?? []);
}

/** Fails writes that contain a key. */
function failWritesTo(isKey: (key: Key) => boolean, error: Error): void {
  dynamodb
    .on(BatchWriteCommand)
    .callsFake((input: { RequestItems: { assessments: { PutRequest: { Item: Key } }[] } }) => {
      if (input.RequestItems.assessments.some(({ PutRequest }) => isKey(PutRequest.Item))) throw error;
      return {};
    });
}

function isSummary({ pk }: Key): boolean {
  return pk.startsWith('unit#');
}

const one = sensorRecord({ dst_ip: '8.8.8.8' });
const other = sensorRecord({ dst_ip: '1.1.1.1' });
const lost = sensorRecord({ dst_ip: '9.9.9.9' });

beforeEach(() => {
  dynamodb.reset();
  sqs.reset();
  dynamodb.onAnyCommand().resolves({});
  sqs.onAnyCommand().resolves({});
});

describe('assessBatch: what it writes', () => {
  it('writes what was planned, items before summaries', async () => {
    const batch = messages([one, other], [one, one]);
    const plans = batch.map((message) => scoreMessage(message, scoringOptions()));

    const outcome = await assessBatch(batch, batchOptions());

    expect(outcome.failures).toEqual(new Map());
    expect(writtenBatches()).toEqual([
      plans.flatMap(({ items }) => items.map(withStoredText)),
      plans.map(({ summary }) => ({
        ...summary.first,
        times: expect.stringMatching(/^\d+ \d+$/),
      })),
    ]);
    expect(sqs).not.toHaveReceivedAnyCommand();
  });

  it('sends what it rejects to the queue for that', async () => {
    await assessBatch(messages('{"src_ip":1.0}'), batchOptions());

    expect(sqs).toHaveReceivedCommandExactlyOnceWith(SendMessageBatchCommand, {
      QueueUrl: 'https://sqs.test/rejected',
      Entries: [
        {
          Id: '0',
          MessageBody: '{"src_ip":1.0}',
          MessageAttributes: {
            reason: { DataType: 'String', StringValue: expect.stringContaining('timestamp: missing') },
            source_message_id: { DataType: 'String', StringValue: 'message-1' },
            index: { DataType: 'Number', StringValue: '0' },
            scope: { DataType: 'String', StringValue: 'record' },
          },
        },
      ],
    });
  });

  it('writes no summary before the items of every message are written', async () => {
    const order: string[] = [];
    dynamodb
      .on(BatchWriteCommand)
      .callsFake(async (input: { RequestItems: { assessments: { PutRequest: { Item: Key } }[] } }) => {
        const kinds = new Set(
          input.RequestItems.assessments.map(({ PutRequest }) =>
            isSummary(PutRequest.Item) ? 'summary' : 'items',
          ),
        );
        await Promise.resolve();
        order.push([...kinds].join('+'));
        return {};
      });
    const records = Array.from({ length: 60 }, (_, n) => sensorRecord({ dst_ip: `8.8.8.${n}` }));

    await assessBatch(messages(records, [other]), batchOptions());

    expect(order).toEqual(['items', 'items', 'items', 'summary']);
  });

  it('stores small messages before it reads large ones', async () => {
    const full = jsonLines(Array.from({ length: 5_000 }, () => one));

    const { statistics, latencies } = await assessBatch(messages(full, [other], [one]), batchOptions());

    expect(
      writtenBatches().map((batch) => batch.map((key) => (isSummary(key) ? 'summary' : 'items'))),
    ).toEqual([['items', 'items'], ['summary', 'summary'], ['items'], ['summary']]);
    expect(statistics).toMatchObject({ records: 5_002, stored: 3, duplicates: 4_999 });
    expect(latencies).toHaveLength(3);
  });

  it('puts small messages of a minute together', async () => {
    const batch = messages([one], [other], [one, other]).map((message) => ({
      ...message,
      sentAtMs: SENT_AT_MS,
    }));

    const { statistics } = await assessBatch(batch, batchOptions());

    expect(writtenBatches().map((keys) => keys.map((key) => (isSummary(key) ? 'summary' : 'items')))).toEqual(
      [['items', 'items'], ['summary']],
    );
    expect(statistics).toMatchObject({ records: 4, stored: 2, duplicates: 2 });
  });

  it('does nothing for an empty batch', async () => {
    const outcome = await assessBatch([], batchOptions());

    expect(outcome).toMatchObject({ failures: new Map(), latencies: [], statistics: { records: 0 } });
    expect(dynamodb).not.toHaveReceivedAnyCommand();
  });
});

describe('assessBatch: the same body twice in a batch', () => {
  const bad = '{"src_ip":"nonsense"}';

  it('writes each key once', async () => {
    await assessBatch(messages([one, other], [one, other], [one]), batchOptions());

    for (const batch of writtenBatches()) {
      const keys = batch.map(({ pk, sk }) => `${pk} ${sk}`);
      expect(new Set(keys).size).toBe(keys.length);
    }
    expect(writtenBatches().flat().filter(isSummary)).toHaveLength(3);
  });

  it('counts all of the second as duplicates', async () => {
    const body = `${jsonLines([one, one, other])}\n${bad}`;

    const twins = messages(body, body).map((message) => ({ ...message, sentAtMs: SENT_AT_MS }));
    const { statistics } = await assessBatch(twins, batchOptions());

    expect(statistics).toMatchObject({ records: 8, stored: 2, duplicates: 4, rejected: 2, assessments: 2 });
  });

  it('sends the rejections of both, since each has a place of its own', async () => {
    const body = `${jsonLines([one])}\n${bad}`;

    await assessBatch(messages(body, body), batchOptions());

    expect(
      sentEntries().map(({ MessageAttributes }) => MessageAttributes?.source_message_id?.StringValue),
    ).toEqual(['message-1', 'message-2']);
  });

  it('fails both where its items cannot be written', async () => {
    failWritesTo(() => true, missing);

    const { failures, statistics } = await assessBatch(messages([one], [one]), batchOptions());

    expect([...failures.keys()].sort()).toEqual(['message-1', 'message-2']);
    expect(statistics.records).toBe(0);
  });

  it('counts the records of the one whose rejections were sent', async () => {
    const body = `${jsonLines([one])}\n${bad}`;
    sqs.on(SendMessageBatchCommand).resolves({
      Successful: [],
      Failed: [{ Id: '0', SenderFault: true, Code: 'InvalidMessageContents', Message: 'no' }],
    });

    const { failures, statistics } = await assessBatch(messages(body, body), batchOptions());

    expect([...failures.keys()]).toEqual(['message-1']);
    expect(statistics).toMatchObject({ records: 2, stored: 1, duplicates: 0, rejected: 1 });
  });
});

describe('assessBatch: what fails', () => {
  const validation = Object.assign(new Error('Item size has exceeded the maximum allowed size'), {
    name: 'ValidationException',
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });

  it('fails only the message whose items cannot be written, and writes it no summary', async () => {
    const batch = messages([one], [other]);
    const [good] = batch.map((message) => scoreMessage(message, scoringOptions()));
    failWritesTo(({ pk }) => pk.includes('1.1.1.1'), validation);

    const { failures, statistics } = await assessBatch(batch, batchOptions());

    expect([...failures]).toEqual([['message-2', expect.stringContaining('Item size has exceeded')]]);
    expect(writtenBatches().flat().filter(isSummary)).toEqual([
      { ...good?.summary.first, times: expect.stringMatching(/^\d+ \d+$/) },
    ]);
    expect(statistics).toMatchObject({ records: 1, stored: 1, assessments: 1 });
  });

  it('fails the message whose summary cannot be written', async () => {
    failWritesTo(isSummary, missing);

    const { failures, statistics } = await assessBatch(messages([one]), batchOptions());

    expect([...failures]).toEqual([
      ['message-1', 'could not write to the table: ResourceNotFoundException: no'],
    ]);
    expect(statistics.records).toBe(0);
  });

  it('fails only the message whose rejections cannot be sent', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new QueueDoesNotExist(answer));

    const { failures, statistics } = await assessBatch(messages([one], '{}'), batchOptions());

    expect([...failures.keys()]).toEqual(['message-2']);
    expect(statistics).toMatchObject({ records: 1, stored: 1, rejected: 0 });
  });

  it('rejects only the records of the address that a defect strikes', async () => {
    const { assess } = scoringOptions();
    const batch = messages([one, other], [one, sensorRecord({ dst_port: 1 })]);
    const options = batchOptions({
      assess: (input) => {
        if (input.address === '1.1.1.1') throw new TypeError('defect');
        return assess(input);
      },
    });

    const { failures, defects, statistics } = await assessBatch(batch, options);

    expect(failures).toEqual(new Map());
    expect(defects).toEqual(new Map([['scoring a record: TypeError: defect', 1]]));
    expect(statistics).toMatchObject({ records: 4, stored: 3, rejected: 1, assessments: 3 });
    expect(sentEntries()).toMatchObject([
      {
        MessageBody: JSON.stringify(other),
        MessageAttributes: {
          reason: { StringValue: 'could not be scored: TypeError: defect' },
          source_message_id: { StringValue: 'message-1' },
          index: { StringValue: '1' },
        },
      },
    ]);
  });

  it('fails only the message without a time of arrival', async () => {
    const [good, bad] = messages([one], [other]);
    const batch = [good, { ...bad, sentAtMs: Number.NaN }] as QueuedMessage[];

    const { failures } = await assessBatch(batch, batchOptions());

    expect([...failures.keys()]).toEqual(['message-2']);
  });

  it('fails every delivery of a body that cannot be planned', async () => {
    const settings = new Proxy(
      {},
      {
        get: () => {
          throw new TypeError('defect');
        },
      },
    ) as never;

    const { failures } = await assessBatch(messages([one], [one]), batchOptions({ settings }));

    expect([...failures]).toEqual([
      ['message-1', 'scoring: TypeError: defect'],
      ['message-2', 'scoring: TypeError: defect'],
    ]);
  });

  it('hands back at the deadline what is not written', async () => {
    let nowMs = STARTED_AT_MS;
    dynamodb.on(BatchWriteCommand).callsFake(() => {
      nowMs += 10_000;
      throw new ThrottlingException(answer);
    });

    const { failures, statistics } = await assessBatch(
      messages([one], [other]),
      batchOptions({ budget: budget(() => nowMs) }),
    );

    expect([...failures.keys()]).toEqual(['message-1', 'message-2']);
    expect(statistics.records).toBe(0);
    expect(writtenBatches().flat().some(isSummary)).toBe(false);
  });

  it('hands back what it has no time to begin', async () => {
    const { failures } = await assessBatch(
      messages([one]),
      batchOptions({ budget: budget(() => STARTED_AT_MS + 30_000) }),
    );

    expect([...failures.keys()]).toEqual(['message-1']);
    expect(dynamodb).not.toHaveReceivedAnyCommand();
  });
});

describe('assessBatch: messages that were delivered twice before', () => {
  const workQueue = { client: sqsClient, queueUrl: 'https://sqs.test/work' };

  /** Events in order: writes by the addresses in them, and deletions by receipt. */
  function history(): string[] {
    const order: string[] = [];
    dynamodb
      .on(BatchWriteCommand)
      .callsFake((input: { RequestItems: { assessments: { PutRequest: { Item: Key } }[] } }) => {
        const keys = input.RequestItems.assessments.map(({ PutRequest }) => PutRequest.Item.pk);
        order.push(keys.some((pk) => pk.startsWith('unit#')) ? 'summary' : keys.sort().join(' '));
        return {};
      });
    sqs
      .on(DeleteMessageBatchCommand)
      .callsFake(({ QueueUrl, Entries }: { QueueUrl: string; Entries: { ReceiptHandle: string }[] }) => {
        order.push(`delete ${Entries.map(({ ReceiptHandle }) => ReceiptHandle).join(' ')}`);
        expect(QueueUrl).toBe('https://sqs.test/work');
        return {};
      });
    return order;
  }

  function received(receiveCount: number, name: string): QueuedMessage {
    const body = jsonLines([sensorRecord({ dst_ip: `8.8.8.${name}` })]);
    return queuedMessage({ messageId: name, receiptHandle: `receipt-${name}`, body, receiveCount });
  }

  /** Makes the table say that earlier deliveries of messages began and never ended. */
  function charge(...names: readonly string[]): void {
    dynamodb
      .on(BatchGetCommand)
      .callsFake((input: { RequestItems: { assessments: { Keys: readonly Key[] } } }) => ({
        Responses: {
          assessments: input.RequestItems.assessments.Keys.filter(({ pk }) =>
            names.includes(pk.replace('attempt#', '')),
          ).map((key) => ({ ...key, schema: SCHEMA_VERSION, unended: new Set([3]) })),
        },
      }));
  }

  it('come last, together if no earlier delivery died, else alone', async () => {
    const order = history();
    charge('1', '6');
    const batch = [
      received(4, '1'),
      received(1, '2'),
      received(3, '3'),
      received(2, '4'),
      received(7, '5'),
      received(5, '6'),
    ];

    const { statistics, failures } = await assessBatch(batch, batchOptions({ workQueue }));

    expect(failures).toEqual(new Map());
    expect(statistics).toMatchObject({ records: 6, stored: 6 });
    expect(order.map((step) => step.replaceAll(/address#|#\d+/g, ''))).toEqual([
      '8.8.8.2 8.8.8.4',
      'summary',
      'delete receipt-2 receipt-4',
      '8.8.8.3 8.8.8.5',
      'summary',
      'delete receipt-3 receipt-5',
      '8.8.8.1',
      'summary',
      'delete receipt-1',
      '8.8.8.6',
      'summary',
    ]);
  });

  it('come in groups that fit an invocation one by one, should one of them kill the process', async () => {
    const order = history();
    const batch = Array.from({ length: 251 }, (_, n) => received(3, String(n)));

    const { statistics } = await assessBatch(batch, batchOptions({ workQueue }));

    expect(statistics).toMatchObject({ stored: 251 });
    expect(order.filter((step) => step === 'summary')).toHaveLength(2);
    expect(order.slice(order.indexOf('summary')).filter((step) => step.startsWith('delete'))).toHaveLength(
      25,
    );
  });

  it('come in another order at each delivery, so that nobody is always behind the one that kills', async () => {
    const names = ['1', '2', '3', '4', '5'];
    charge(...names);
    const orders = new Set<string>();
    for (const count of [4, 5, 6]) {
      const order = history();
      await assessBatch(
        names.map((name) => received(count, name)),
        batchOptions(),
      );
      orders.add(order.filter((step) => step !== 'summary').join());
    }

    expect(orders.size).toBe(3);
  });

  it('repeat what a neighbour with the same body of many records has stored', async () => {
    const body = jsonLines(Array.from({ length: 64 }, (_, n) => sensorRecord({ id: `C${n}` })));
    const batch = [1, 3, 3].map((receiveCount, n) => ({ ...received(receiveCount, `${n}`), body }));

    const { statistics, latencies } = await assessBatch(batch, batchOptions());

    expect(statistics).toMatchObject({ records: 192, stored: 64, duplicates: 128, assessments: 1 });
    expect(latencies).toHaveLength(1);
  });

  it('are no reason to delete what is not stored', async () => {
    const order = history();
    failWritesTo(({ pk }) => pk.includes('8.8.8.2'), missing);

    await assessBatch([received(1, '2'), received(3, '3')], batchOptions({ workQueue }));

    expect(order.filter((step) => step.startsWith('delete'))).toEqual([]);
  });

  it('are worked on although their neighbours cannot be deleted', async () => {
    history();
    sqs.on(DeleteMessageBatchCommand).rejects(new QueueDoesNotExist(answer));

    const outcome = await assessBatch([received(1, '2'), received(3, '3')], batchOptions({ workQueue }));

    expect(outcome).toMatchObject({ failures: new Map(), defects: new Map(), statistics: { stored: 2 } });
  });

  it('are deleted by Lambda alone where the queue is not known', async () => {
    history();

    await assessBatch([received(1, '2'), received(3, '3')], batchOptions());

    expect(sqs).not.toHaveReceivedCommand(DeleteMessageBatchCommand);
  });
});

describe('assessBatch: defects around look-ups', () => {
  const throwing = (method: keyof LookUpRound): LookUpSources => {
    const fail = () => {
      throw new TypeError('defect');
    };
    const round: LookUpRound = {
      add: () => false,
      find: async () => {},
      lookUpsOf: () => undefined,
      complete: async () => new Set(),
      figures: () => ({ providers: {}, listed: 0 }),
    };
    return { withDocumentation: true, start: () => ({ ...round, [method]: fail }) };
  };

  it.each<[keyof LookUpRound, string]>([
    ['add', 'choosing look-ups'],
    ['find', 'looking up'],
    ['complete', 'using late answers'],
    ['figures', 'counting look-ups'],
  ])('cost the look-ups and no message: %s', async (method, stage) => {
    const outcome = await assessBatch(messages([one], [other]), batchOptions({ lookUp: throwing(method) }));

    expect(outcome.failures).toEqual(new Map());
    expect([...outcome.defects.keys()]).toEqual([`${stage}: TypeError: defect`]);
    expect(outcome.statistics).toMatchObject({ records: 2, stored: 2 });
  });
});

describe('assessBatch: what it reports', () => {
  it('accounts for every record of the messages that are done', async () => {
    const batch = messages([one, one, other], `${jsonLines([one])}\n{}\nnonsense`, 'text', '[]');

    const { statistics } = await assessBatch(batch, batchOptions());

    expect(statistics).toMatchObject({ records: 7, stored: 3, duplicates: 1, rejected: 3 });
  });

  it('says how long after work on a unit began its verdicts were there', async () => {
    let nowMs = STARTED_AT_MS;
    const packed = jsonLines(Array.from({ length: 64 }, (_, n) => sensorRecord({ id: `C${n}` })));
    const options = batchOptions({ budget: budget(() => (nowMs += 10)) });

    const { latencies } = await assessBatch(messages([one, other], packed), options);

    expect(latencies.map(({ assessments }) => assessments)).toEqual([2, 1]);
    // Each time starts at its own beginning: waiting for the first does not make the second slower.
    for (const { milliseconds } of latencies) expect(milliseconds).toBeLessThanOrEqual(60);
  });

  it('times the messages that are stored, from sending and from receiving, and no others', async () => {
    const batch = [
      ...messages([one], [other]).map((message) => ({ ...message, sentAtMs: SENT_AT_MS })),
      queuedMessage({ messageId: 'lost', sentAtMs: SENT_AT_MS - 70_000, body: jsonLines([lost]) }),
    ];
    const refusal = { name: 'ValidationException', $fault: 'client', $metadata: { httpStatusCode: 400 } };
    failWritesTo(({ pk }) => pk.includes('9.9.9.9'), Object.assign(new Error('no'), refusal));

    const { freshness, failures } = await assessBatch(batch, batchOptions());

    expect([...failures.keys()]).toEqual(['lost']);
    expect(freshness).toEqual({ timed: 2, stale: 0, sentToStoredMs: 1_040, receivedToStoredMs: 40 });
  });

  it('sends a thousand rejections of one message singly and the rest as one', async () => {
    const body = '{}\n'.repeat(20_000);

    await assessBatch(messages(body), batchOptions());

    expect(sqs.calls().length).toBeLessThanOrEqual(101);
  });
});
