import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { DeleteMessageBatchCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import 'aws-sdk-client-mock-vitest/extend';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AddressItem } from '../../../../lib/store/address-item.ts';
import { readAddressItems, readContent } from '../../../../lib/store/read-address-items.ts';
import { lambdaContext, SENT_AT_MS, sqsEvent } from '../../../factories/messages.ts';
import { jsonLines, sensorRecord } from '../../../factories/records.ts';

const dynamodb = mockClient(DynamoDBDocumentClient);
const sqs = mockClient(SQSClient);
const ssm = mockClient(SSMClient);

const one = sensorRecord({ dst_ip: '8.8.8.8' });
const other = sensorRecord({ dst_ip: '1.1.1.1' });
/** The minute in which the queue first received the messages. */
const MINUTE_MS = Math.floor(SENT_AT_MS / 60_000) * 60_000;

/** The operator's settings, as returned by SSM. */
const stored = (Value: string, Version: number) => ({
  Parameters: [
    { Name: '/threat-consensus/test/settings', Value, Version, LastModifiedDate: new Date(Version * 1_000) },
  ],
  InvalidParameters: ['/threat-consensus/test/cutover/initial'],
});

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

async function loadHandler(): Promise<Handler> {
  vi.resetModules();
  const { handler } = await import('../../../../functions/score-connections/handler.ts');
  return handler as unknown as Handler;
}

/** Runs the function on bodies, and returns its answer with the lines that it logged. */
async function invoke(bodies: readonly string[]) {
  const handler = await loadHandler();
  const written: string[] = [];
  const keep = (chunk: unknown) => {
    written.push(String(chunk));
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(keep),
  );
  try {
    const response = await handler(sqsEvent(bodies), lambdaContext());
    return { response, ...sorted(written.join('')) };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

interface MetricsLine {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

function sorted(output: string) {
  const lines = output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    metrics: lines.filter((line) => '_aws' in line) as unknown as MetricsLine[],
    logs: lines.filter((line) => !('_aws' in line)),
  };
}

beforeEach(() => {
  dynamodb.reset();
  sqs.reset();
  ssm.reset();
  dynamodb.onAnyCommand().resolves({});
  sqs.onAnyCommand().resolves({});
  ssm.on(GetParametersCommand).resolves(stored('{"mode":"consensus"}', 3));
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('TABLE_NAME', 'assessments');
  vi.stubEnv('REJECTED_QUEUE_URL', 'https://sqs.test/000000000000/rejected');
  vi.stubEnv('DEAD_LETTER_QUEUE_URL', 'https://sqs.test/000000000000/dead-letter');
  vi.stubEnv('ANNOUNCEMENTS_QUEUE_URL', 'https://sqs.test/000000000000/announcements');
  vi.stubEnv('SETTINGS_PARAMETER', '/threat-consensus/test/settings');
  vi.stubEnv('INITIAL_SETTINGS_PARAMETER', '/threat-consensus/test/cutover/initial');
  vi.stubEnv('HOME_NETWORKS', '147.32.80.0/20');
  vi.stubEnv('RETENTION_DAYS', '1');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'ThreatConsensus');
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'threat-consensus');
});

const listenersBefore = process.listeners('unhandledRejection');

afterEach(() => {
  vi.unstubAllEnvs();
  // Each import of the handler adds its own.
  for (const listener of process.listeners('unhandledRejection')) {
    if (!listenersBefore.includes(listener)) process.off('unhandledRejection', listener);
  }
});

afterAll(() => {
  // They replace every client of their class, including those of other tests.
  for (const mocked of [dynamodb, sqs, ssm]) mocked.restore();
});

describe('score-connections', () => {
  it('stores what came and has nothing delivered again', async () => {
    const { response } = await invoke([jsonLines([one, other]), jsonLines([one])]);

    expect(response).toEqual({ batchItemFailures: [] });
    expect(dynamodb).toHaveReceivedCommandTimes(BatchWriteCommand, 2);
    expect(dynamodb).toHaveReceivedNthCommandWith(BatchWriteCommand, 1, {
      RequestItems: {
        // Small messages of a minute share items, and their time.
        assessments: [one, other].map(({ dst_ip }) => ({
          PutRequest: {
            Item: expect.objectContaining({
              pk: expect.stringContaining(`address#${dst_ip}#`),
              ingested_at: MINUTE_MS,
              expires_at: MINUTE_MS / 1000 + 86_400,
            }),
          },
        })),
      },
    });
    expect(sqs).not.toHaveReceivedAnyCommand();
  });

  it('takes the home networks of its environment for local', async () => {
    const inbound = sensorRecord({ src_ip: '8.8.4.4', dst_ip: '147.32.84.165' });

    await invoke([jsonLines([inbound])]);

    const [call] = dynamodb.commandCalls(BatchWriteCommand);
    const item = call?.args[0].input.RequestItems?.assessments?.[0]?.PutRequest
      ?.Item as unknown as AddressItem;
    expect(item.pk).toContain('address#8.8.4.4#');
    expect(readContent(item).kinds).toEqual([{ protocol: 'udp', direction: 'inbound' }]);
  });

  it('sends what it rejects to its queue for that', async () => {
    const { response } = await invoke(['{}']);

    expect(response).toEqual({ batchItemFailures: [] });
    expect(sqs).toHaveReceivedCommandExactlyOnceWith(SendMessageBatchCommand, {
      QueueUrl: 'https://sqs.test/000000000000/rejected',
      Entries: [expect.objectContaining({ MessageBody: '{}' })],
    });
  });

  it('writes one line, its metrics, where all goes well', async () => {
    const { metrics, logs } = await invoke([`${jsonLines([one, one, other])}\n{}`, 'text']);

    expect(logs).toEqual([]);
    expect(metrics).toEqual([
      expect.objectContaining({
        service: 'threat-consensus',
        RecordsReceived: 5,
        RecordsStored: 2,
        RecordsDuplicate: 1,
        RecordsRejected: 2,
        MessagesFailed: 0,
        Assessments: 2,
      }),
    ]);
  });

  it('names each of its metrics once, in its namespace, with a value that CloudWatch takes', async () => {
    const { metrics } = await invoke([jsonLines([one])]);

    const [line] = metrics;
    const [directive] = line?._aws.CloudWatchMetrics ?? [];
    const names = directive?.Metrics.map(({ Name }) => Name) ?? [];
    expect(directive?.Namespace).toBe('ThreatConsensus');
    expect(names.length).toBeGreaterThan(15);
    expect(names.length).toBeLessThanOrEqual(100);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      const values = [line?.[name]].flat();
      expect(values.length).toBeLessThanOrEqual(100);
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });

  it('keeps every array of its metrics within a hundred values, however many messages come', async () => {
    const bodies = Array.from({ length: 250 }, (_, n) => jsonLines([sensorRecord({ bytes: n })]));

    const { metrics } = await invoke(bodies);

    expect(metrics).toHaveLength(1);
    expect(metrics[0]).toMatchObject({ RecordsReceived: 250, RecordsStored: 250 });
    for (const value of Object.values(metrics[0] ?? {})) {
      expect(Array.isArray(value) ? value.length : 1).toBeLessThanOrEqual(100);
    }
  });

  it('has messages delivered again that it could not store, and says so on one more line', async () => {
    dynamodb
      .on(BatchWriteCommand)
      .rejects(
        new ResourceNotFoundException({ message: 'no such table', $metadata: { httpStatusCode: 400 } }),
      );

    const { response, metrics, logs } = await invoke([jsonLines([one]), 'text', jsonLines([other])]);

    expect(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual([
      'message-1',
      'message-2',
      'message-3',
    ]);
    expect(metrics).toEqual([
      expect.objectContaining({ MessagesFailed: 3, RecordsReceived: 0, RecordsStored: 0 }),
    ]);
    expect(logs).toEqual([
      expect.objectContaining({
        level: 'WARN',
        message: 'messages will be delivered again',
        failed: 3,
        messages: 3,
        reasons: { 'could not write to the table: ResourceNotFoundException: no such table': 3 },
      }),
    ]);
  });

  it('goes by the settings of its parameter, and writes which they were', async () => {
    ssm.on(GetParametersCommand).resolves(stored('{"mode":"parallel"}', 9));

    const { metrics } = await invoke([jsonLines([one])]);

    expect(ssm).toHaveReceivedCommandExactlyOnceWith(GetParametersCommand, {
      Names: ['/threat-consensus/test/settings', '/threat-consensus/test/cutover/initial'],
    });
    const [call] = dynamodb.commandCalls(BatchWriteCommand);
    const item = call?.args[0].input.RequestItems?.assessments?.[0]?.PutRequest
      ?.Item as unknown as AddressItem;
    expect(item.settings).toBe('parallel 0 v9@9000');
    expect(readAddressItems([item])).toMatchObject([
      { assessment: { scored_by: 'legacy', legacy_score: 0.2, consensus_score: expect.any(Number) } },
    ]);
    expect(metrics).toEqual([
      expect.objectContaining({
        CutoverMode: 1,
        ConsensusPercent: 0,
        SettingsVersion: 9,
        settings: 'parallel 0 v9@9000',
        SettingsInvalid: 0,
      }),
    ]);
  });

  it('goes by the legacy score where it cannot read them, and says so on one more line', async () => {
    ssm
      .on(GetParametersCommand)
      .rejects(Object.assign(new Error('not you'), { name: 'AccessDeniedException' }));

    const { response, metrics, logs } = await invoke([jsonLines([one])]);

    expect(response).toEqual({ batchItemFailures: [] });
    expect(metrics).toEqual([
      expect.objectContaining({
        Assessments: 1,
        ConsensusAssessments: 0,
        CutoverMode: 0,
        SettingsInvalid: 1,
      }),
    ]);
    expect(logs).toEqual([
      expect.objectContaining({
        level: 'WARN',
        message: 'the settings cannot be used',
        problem:
          'could not read the parameters /threat-consensus/test/settings and /threat-consensus/test/cutover/initial: AccessDeniedException: not you',
      }),
    ]);
  });

  it('fails a record of the event alone that is no message', async () => {
    const event = sqsEvent([jsonLines([one]), jsonLines([other]), jsonLines([one]), 'x']);
    const [good, ...odd] = event.Records;
    const damage = [
      { attributes: undefined },
      { attributes: { SentTimestamp: 'soon' } },
      { body: undefined },
    ];
    const Records = [good, ...odd.map((record, n) => ({ ...record, ...damage[n] }))];
    const handler = await loadHandler();
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const warn = vi.spyOn(process.stderr, 'write').mockReturnValue(true);

    const response = await handler({ Records } as SQSEvent, lambdaContext());
    const { metrics } = sorted(write.mock.calls.map(([chunk]) => String(chunk)).join(''));
    write.mockRestore();
    warn.mockRestore();

    expect(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      'message-2',
      'message-3',
      'message-4',
    ]);
    expect(metrics).toMatchObject([{ MessagesFailed: 3, RecordsStored: 1 }]);
  });

  it('has a whole batch delivered again whose records have no id', async () => {
    const handler = await loadHandler();
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const warn = vi.spyOn(process.stderr, 'write').mockReturnValue(true);

    const response = await handler({ Records: [{ body: '{}' }] } as unknown as SQSEvent, lambdaContext());
    write.mockRestore();
    warn.mockRestore();

    // Lambda treats an empty identifier as a failure of the batch.
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: '' }] });
  });

  it('does not hand back what is stored where the time limit comes near', async () => {
    const handler = await loadHandler();
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    let calls = 0;
    // The limit is reached between the last write and the answer.
    const context = lambdaContext({ getRemainingTimeInMillis: () => (calls++ === 0 ? 30_000 : 1) });
    dynamodb.on(BatchWriteCommand).callsFake(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return {};
    });

    const response = await handler(sqsEvent([jsonLines([one])]), context);
    write.mockRestore();

    expect(response).toEqual({ batchItemFailures: [] });
  });

  it('deletes from the queue of the event what is stored, before it works on what came twice before', async () => {
    const event = sqsEvent([jsonLines([one]), jsonLines([other])]);
    const [, suspect] = event.Records;
    if (suspect !== undefined) suspect.attributes.ApproximateReceiveCount = '3';
    const handler = await loadHandler();
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);

    await handler(event, lambdaContext());
    write.mockRestore();

    expect(sqs).toHaveReceivedCommandExactlyOnceWith(DeleteMessageBatchCommand, {
      QueueUrl: 'https://sqs.test/000000000000/connections',
      Entries: [{ Id: '0', ReceiptHandle: 'receipt-1' }],
    });
  });

  it('keeps the figures of one invocation out of the next', async () => {
    await invoke([jsonLines([one])]);
    const handler = await loadHandler();
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);

    await handler(sqsEvent([jsonLines([one, other])]), lambdaContext());
    await handler(sqsEvent([jsonLines([one])]), lambdaContext());
    const { metrics } = sorted(write.mock.calls.map(([chunk]) => String(chunk)).join(''));
    write.mockRestore();

    expect(metrics.map(({ RecordsReceived }) => RecordsReceived)).toEqual([2, 1]);
  });

  it('touches no network before it is invoked', async () => {
    await loadHandler();

    expect(dynamodb).not.toHaveReceivedAnyCommand();
    expect(sqs).not.toHaveReceivedAnyCommand();
    expect(ssm).not.toHaveReceivedAnyCommand();
  });

  it.each([
    ['TABLE_NAME', '', 'TABLE_NAME'],
    ['REJECTED_QUEUE_URL', 'nonsense', 'REJECTED_QUEUE_URL'],
    ['SETTINGS_PARAMETER', '', 'SETTINGS_PARAMETER'],
    ['INITIAL_SETTINGS_PARAMETER', '', 'INITIAL_SETTINGS_PARAMETER'],
    ['SETTINGS_MAX_AGE_SECONDS', '-1', 'SETTINGS_MAX_AGE_SECONDS'],
    ['HOME_NETWORKS', '10.0.0.0/8,nonsense', '"nonsense" is not a CIDR block'],
  ])('does not start with %s=%s, and says why', async (name, value, message) => {
    vi.stubEnv(name, value);

    await expect(loadHandler()).rejects.toThrow(message);
  });
});
