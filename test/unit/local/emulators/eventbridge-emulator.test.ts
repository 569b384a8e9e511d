import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../../lib/local/emulators/emulator.ts';
import {
  type PutEvent,
  startEventBridgeEmulator,
} from '../../../../lib/local/emulators/eventbridge-emulator.ts';

let emulator: Emulator;
let client: EventBridgeClient;
let taken: PutEvent[] = [];

beforeAll(async () => {
  emulator = await startEventBridgeEmulator(['findings'], (put) => taken.push(put));
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new EventBridgeClient({
    region: 'us-east-1',
    endpoint: emulator.endpoint,
    credentials,
    maxAttempts: 1,
  });
});

beforeEach(() => {
  taken = [];
});

afterAll(async () => {
  client.destroy();
  await emulator.close();
});

const entry = (changes: PutEventsRequestEntry = {}): PutEventsRequestEntry => ({
  EventBusName: 'findings',
  Source: 'service',
  DetailType: 'Finding',
  Detail: '{"id":"a"}',
  ...changes,
});

const put = async (Entries: PutEventsRequestEntry[]) => await client.send(new PutEventsCommand({ Entries }));

describe('putting events', () => {
  it('hands on what was put, by name or ARN of the bus', async () => {
    const EventBusName = 'arn:aws:events:us-east-1:000000000000:event-bus/findings';
    const { Entries, FailedEntryCount } = await put([
      entry({ Time: new Date(1_790_000_000_000) }),
      entry({ EventBusName, Resources: ['arn:r'] }),
    ]);

    expect(FailedEntryCount).toBe(0);
    expect(taken.map(({ event }) => event.id)).toEqual(Entries?.map(({ EventId }) => EventId));
    expect(taken).toMatchObject([
      {
        bus: 'findings',
        event: {
          source: 'service',
          'detail-type': 'Finding',
          time: '2026-09-21T14:13:20Z',
          detail: { id: 'a' },
        },
      },
      { bus: 'findings', event: { resources: ['arn:r'] } },
    ]);
  });

  it('refuses single entries, and takes their neighbours', async () => {
    const { Entries, FailedEntryCount } = await put([
      entry({ EventBusName: 'another' }),
      entry({ Detail: '["a"]' }),
      entry({ Detail: '{' }),
      entry({ Source: '' }),
      entry(),
    ]);

    expect(FailedEntryCount).toBe(4);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      'InvalidArgument',
      'MalformedDetail',
      'MalformedDetail',
      'InvalidArgument',
      undefined,
    ]);
    expect(taken).toHaveLength(1);
  });

  it.each([
    ['more than ten', Array.from({ length: 11 }, () => entry())],
    ['none', []],
    ['more than 256 KiB', [entry({ Detail: JSON.stringify({ text: 'x'.repeat(256 * 1024) }) })]],
  ])('refuses %s as a whole', async (_, entries) => {
    await expect(put(entries)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(taken).toEqual([]);
  });
});
