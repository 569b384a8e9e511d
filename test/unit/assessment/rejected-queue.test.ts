import {
  InvalidMessageContents,
  QueueDoesNotExist,
  RequestThrottled,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SQSClient,
} from '@aws-sdk/client-sqs';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Rejection, sendRejections } from '../../../lib/assessment/rejected-queue.ts';
import { fakeClock } from '../../factories/clock.ts';

const MAX_BYTES = 1_048_576;
const client = new SQSClient({ region: 'eu-central-1' });
const sqs = mockClient(client);
const queue = { client, queueUrl: 'https://sqs.test/rejected' };
const answer = { message: 'no', $metadata: { httpStatusCode: 400 } };

function rejection(overrides: Partial<Rejection> = {}): Rejection {
  return {
    messageId: 'message-1',
    scope: 'record',
    index: 3,
    text: '{"a":1.0}',
    reason: 'src_ip: missing',
    ...overrides,
  };
}

function sentRequests(): SendMessageBatchRequestEntry[][] {
  return sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input.Entries ?? []);
}

function bytesOf(entry: SendMessageBatchRequestEntry): number {
  const attributes = Object.entries(entry.MessageAttributes ?? {});
  return attributes.reduce(
    (sum, [name, { DataType = '', StringValue = '' }]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue),
    Buffer.byteLength(entry.MessageBody ?? ''),
  );
}

beforeEach(() => {
  sqs.reset();
  sqs.on(SendMessageBatchCommand).resolves({});
});

describe('sendRejections', () => {
  it('sends nothing for nothing', async () => {
    const failed = await sendRejections(queue, [], fakeClock().patience());

    expect(failed).toEqual(new Map());
    expect(sqs).not.toHaveReceivedAnyCommand();
  });

  it('sends the original text, with the reason and its origin', async () => {
    const failed = await sendRejections(queue, [rejection()], fakeClock().patience());

    expect(failed).toEqual(new Map());
    expect(sqs).toHaveReceivedCommandExactlyOnceWith(SendMessageBatchCommand, {
      QueueUrl: 'https://sqs.test/rejected',
      Entries: [
        {
          Id: '0',
          MessageBody: '{"a":1.0}',
          MessageAttributes: {
            reason: { DataType: 'String', StringValue: 'src_ip: missing' },
            source_message_id: { DataType: 'String', StringValue: 'message-1' },
            index: { DataType: 'Number', StringValue: '3' },
            scope: { DataType: 'String', StringValue: 'record' },
          },
        },
      ],
    });
  });

  it('writes what SQS refuses in another way, in text and reason', async () => {
    await sendRejections(
      queue,
      [rejection({ text: '\ud800\u0000', reason: `\u0007${'x'.repeat(498)}\ud83d\ude00` })],
      fakeClock().patience(),
    );

    const [entry] = sentRequests().flat();
    expect(entry?.MessageBody).toBe('\\ud800\\u0000');
    expect(entry?.MessageAttributes?.reason?.StringValue).toBe(`\\u0007${'x'.repeat(498)}\\ud83d`);
  });

  it('puts ten entries into a request, each with an id of its own', async () => {
    const rejections = Array.from({ length: 23 }, (_, index) => rejection({ index }));

    await sendRejections(queue, rejections, fakeClock().patience());

    expect(sentRequests().map(({ length }) => length)).toEqual([10, 10, 3]);
    for (const entries of sentRequests())
      expect(new Set(entries.map(({ Id }) => Id)).size).toBe(entries.length);
    expect(
      sentRequests()
        .flat()
        .map(({ MessageAttributes }) => MessageAttributes?.index?.StringValue),
    ).toEqual(rejections.map(({ index }) => String(index)));
  });

  it('keeps a request below 1 MiB', async () => {
    const texts = [300_000, 500_000, 400_000, 1_000_000, 10, 10].map((size) => 'x'.repeat(size));

    await sendRejections(
      queue,
      texts.map((text, index) => rejection({ text, index })),
      fakeClock().patience(),
    );

    expect(
      sentRequests()
        .flat()
        .map(({ MessageBody }) => MessageBody),
    ).toEqual(texts);
    for (const entries of sentRequests()) {
      expect(entries.reduce((sum, entry) => sum + bytesOf(entry), 0)).toBeLessThanOrEqual(MAX_BYTES);
    }
  });

  // With 4,096 bytes for its attributes, a text of 520,192 takes half of a request.
  it.each([
    [[520_192, 520_192], [2]],
    [
      [520_192, 520_193],
      [1, 1],
    ],
    [
      [520_192, 520_193, 520_191],
      [1, 2],
    ],
    [
      [1_044_480, 1],
      [1, 1],
    ],
  ])('fills a request to the last byte and begins the next one empty: %j', async (sizes, expected) => {
    const rejections = sizes.map((size, index) => rejection({ text: 'x'.repeat(size), index }));

    await sendRejections(queue, rejections, fakeClock().patience());

    expect(sentRequests().map(({ length }) => length)).toEqual(expected);
  });

  it('says how many entries a text stands for, where it is more than one record', async () => {
    await sendRejections(
      queue,
      [rejection({ scope: 'rest', count: 12 }), rejection()],
      fakeClock().patience(),
    );

    expect(
      sentRequests()
        .flat()
        .map(({ MessageAttributes }) => MessageAttributes?.count),
    ).toEqual([{ DataType: 'Number', StringValue: '12' }, undefined]);
  });

  it('has four requests under way at a time', async () => {
    const waiting: (() => void)[] = [];
    sqs
      .on(SendMessageBatchCommand)
      .callsFake(() => new Promise((resolve) => waiting.push(() => resolve({}))));
    const rejections = Array.from({ length: 60 }, (_, index) => rejection({ index }));

    const sending = sendRejections(queue, rejections, fakeClock().patience());
    await vi.waitFor(() => expect(waiting).toHaveLength(4));
    await new Promise(setImmediate);
    expect(waiting).toHaveLength(4);
    for (let n = 0; n < 6; n++) {
      await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(n));
      waiting[n]?.();
    }

    expect(await sending).toEqual(new Map());
  });

  it.each([
    ['of one byte a character', 'x'.repeat(MAX_BYTES)],
    ['of three bytes a character', '€'.repeat(400_000)],
    ['of surrogate pairs', '\u{1f600}'.repeat(400_000)],
    ['of surrogate pairs at odd places', `x${'\u{1f600}'.repeat(400_000)}`],
    ['of the first surrogate pair at odd places', `x${'\u{10000}'.repeat(400_000)}`],
    ['of the last surrogate pair at odd places', `x${'\u{10ffff}'.repeat(400_000)}`],
    ['that grows when it is escaped', '\u0001'.repeat(MAX_BYTES / 2)],
  ])('sends a text over 1 MiB %s in numbered parts', async (_, text) => {
    await sendRejections(queue, [rejection({ text, scope: 'body', index: 0 })], fakeClock().patience());

    const entries = sentRequests().flat();
    const numbers = entries.map(({ MessageAttributes }) => [
      MessageAttributes?.part?.StringValue,
      MessageAttributes?.parts?.StringValue,
    ]);
    expect(entries.map(({ MessageBody }) => MessageBody).join('')).toBe(text.replaceAll('\u0001', '\\u0001'));
    expect(numbers).toEqual(entries.map((__, part) => [String(part + 1), String(entries.length)]));
    expect(entries.length).toBeGreaterThan(1);
    for (const entry of entries) {
      expect(entry.MessageBody?.isWellFormed()).toBe(true);
      expect(bytesOf(entry)).toBeLessThanOrEqual(MAX_BYTES);
    }
  });

  it('sends the largest text that fits as it is', async () => {
    await sendRejections(queue, [rejection({ text: 'x'.repeat(MAX_BYTES - 4_096) })], fakeClock().patience());

    const [entry] = sentRequests().flat();
    expect(entry?.MessageAttributes).not.toHaveProperty('part');
  });

  it('sends again what failed, and only that', async () => {
    const rejections = ['a', 'b', 'c'].map((text, index) => rejection({ text, index }));
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({
        Successful: [],
        Failed: [{ Id: '1', SenderFault: false, Code: 'InternalError', Message: 'again' }],
      })
      .resolvesOnce({});

    const failed = await sendRejections(queue, rejections, fakeClock().patience());

    expect(failed).toEqual(new Map());
    expect(sentRequests().map((entries) => entries.map(({ Id, MessageBody }) => [Id, MessageBody]))).toEqual([
      [
        ['0', 'a'],
        ['1', 'b'],
        ['2', 'c'],
      ],
      [['0', 'b']],
    ]);
  });

  it('fails the message of an entry that is refused, and no other', async () => {
    const clock = fakeClock();
    const rejections = ['message-1', 'message-2'].map((messageId) => rejection({ messageId }));
    sqs.on(SendMessageBatchCommand).resolves({
      Failed: [{ Id: '1', SenderFault: true, Code: 'InvalidMessageContents', Message: 'no' }],
      Successful: [],
    });

    const failed = await sendRejections(queue, rejections, clock.patience());

    expect([...failed.entries()]).toEqual([
      [
        'message-2',
        expect.objectContaining({
          code: 'refused',
          message: 'could not send to the rejected queue: InvalidMessageContents: no',
        }),
      ],
    ]);
    expect(clock.waits).toEqual([]);
  });

  it('gets over throttling', async () => {
    const clock = fakeClock();
    sqs.on(SendMessageBatchCommand).rejectsOnce(new RequestThrottled(answer)).resolves({});

    const failed = await sendRejections(queue, [rejection()], clock.patience());

    expect(failed).toEqual(new Map());
    expect(clock.waits).toHaveLength(1);
  });

  it('fails every message of a request that cannot be sent', async () => {
    const rejections = ['message-1', 'message-2', 'message-1'].map((messageId) => rejection({ messageId }));
    sqs.on(SendMessageBatchCommand).rejects(new QueueDoesNotExist(answer));

    const failed = await sendRejections(queue, rejections, fakeClock().patience());

    expect([...failed].map(([messageId, { code }]) => [messageId, code])).toEqual([
      ['message-1', 'missing'],
      ['message-2', 'missing'],
    ]);
  });

  it('keeps one entry that SQS refuses from failing its neighbours', async () => {
    sqs.on(SendMessageBatchCommand).callsFake((input: { Entries: SendMessageBatchRequestEntry[] }) => {
      if (input.Entries.some(({ MessageBody }) => MessageBody === 'bad'))
        throw new InvalidMessageContents(answer);
      return {};
    });
    const rejections = ['good', 'bad', 'fine'].map((text) => rejection({ text, messageId: text }));

    const failed = await sendRejections(queue, rejections, fakeClock().patience());

    expect([...failed.keys()]).toEqual(['bad']);
  });

  it('says at the deadline which messages are not done', async () => {
    const clock = fakeClock();
    sqs.on(SendMessageBatchCommand).rejects(new RequestThrottled(answer));

    const failed = await sendRejections(queue, [rejection()], clock.patience());

    expect(failed.get('message-1')).toMatchObject({ code: 'throttled' });
    expect(clock.now()).toBeLessThanOrEqual(clock.patience().deadlineMs);
  });
});
