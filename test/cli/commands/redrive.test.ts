import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type SqsEmulator, startSqsEmulator } from '../../../lib/local/emulators/sqs-emulator.ts';
import { UsageMeter } from '../../../lib/local/metering/usage.ts';
import { callWith, ONE_LINE_ERROR, startCall, type Variables } from '../../fixtures/cli/calls.ts';
import { createQueuePair, type QueuePair, type Rejected } from '../../fixtures/cli/queue-pair.ts';
import type { Fault } from '../../fixtures/local/fault-proxy.ts';
import { EVENTUALLY } from '../../fixtures/service/scoring-service.ts';
import { on } from '../../fixtures/service/service-faults.ts';

const DENIED: Fault = { status: 403, body: { __type: 'AccessDeniedException', message: 'not allowed' } };
const EXPIRED: Fault = {
  status: 400,
  body: { __type: 'ExpiredTokenException', message: 'The security token is expired' },
};

/** Queues only: no function reads them. */
let emulator: SqsEmulator;
let sqs: SQSClient;
let variables: Variables;

beforeAll(async () => {
  emulator = await startSqsEmulator({ meter: new UsageMeter(128) });
  const { endpoint } = emulator;
  variables = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SQS: endpoint,
  };
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  sqs = new SQSClient({ region: 'us-east-1', credentials, endpoint });
});

afterAll(async () => {
  sqs?.destroy();
  await emulator?.close();
});

function entries(count: number, reason = 'why'): Rejected[] {
  return Array.from({ length: count }, (_, n) => ({ text: `text ${String(n).padStart(3, '0')}`, reason }));
}

const texts = (rejected: readonly Rejected[]) => rejected.map(({ text }) => text);

async function pairWith(rejected: readonly Rejected[]): Promise<QueuePair> {
  return await createQueuePair(sqs, variables, rejected);
}

async function redrive(queues: Pick<QueuePair, 'variables'>, ...args: readonly string[]) {
  const { end, stdout, stderr } = await callWith(queues.variables)('rejected', 'redrive', ...args, '--json');
  return { end, stderr, figures: stdout === '' ? undefined : (JSON.parse(stdout) as object) };
}

describe.concurrent('redrive', () => {
  it('moves every entry', async () => {
    const rejected = entries(25);
    const queues = await pairWith(rejected);

    const outcome = await redrive(queues);

    expect(outcome).toEqual({ end: 0, stderr: '', figures: { redriven: 25, kept: 0, refused: 0 } });
    expect(await queues.rejectedCount()).toEqual({ visible: 0, hidden: 0 });
    expect(await queues.workBodies()).toEqual(texts(rejected));
  });

  it('moves as many as asked for, and the next call goes on', async () => {
    const rejected = entries(12);
    const queues = await pairWith(rejected);

    const first = await redrive(queues, '--limit', '3');
    const between = await queues.rejectedCount();
    const second = await redrive(queues);

    expect(first).toMatchObject({ end: 0, figures: { redriven: 3 } });
    expect(between).toEqual({ visible: 9, hidden: 0 });
    expect(second).toMatchObject({ end: 0, figures: { redriven: 9, kept: 0, refused: 0 } });
    expect(await queues.workBodies()).toEqual(texts(rejected));
  });

  it('moves what matches by reason or text, and leaves the rest visible', async () => {
    const byReason = { text: 'some text', reason: 'dst_port: too large' };
    const byText = { text: '{"dst_port":-1}', reason: 'out of range' };
    const queues = await pairWith([...entries(15), byReason, byText]);

    const outcome = await redrive(queues, '--match', 'dst_port');

    expect(outcome).toEqual({ end: 0, stderr: '', figures: { redriven: 2, kept: 15, refused: 0 } });
    expect(await queues.rejectedCount()).toEqual({ visible: 15, hidden: 0 });
    expect(await queues.workBodies()).toEqual([byReason.text, byText.text].sort());
  });

  it('puts the parts of a text together, whatever their order, and leaves what is incomplete', async () => {
    const part = (source: string, number: number, text: string) => ({ source, part: number, parts: 3, text });
    const queues = await pairWith([
      part('whole', 3, 'three'),
      part('broken', 1, 'one, '),
      part('whole', 1, 'one, '),
      part('whole', 1, 'one, '),
      ...entries(10),
      part('broken', 3, 'three'),
      part('whole', 2, 'two, '),
    ]);

    const outcome = await redrive(queues);

    expect(outcome).toEqual({ end: 0, stderr: '', figures: { redriven: 11, kept: 2, refused: 0 } });
    expect(await queues.rejectedCount()).toEqual({ visible: 2, hidden: 0 });
    expect(await queues.workBodies()).toEqual(['one, two, three', ...texts(entries(10))]);
  });

  it('deletes nothing that could not be sent', async () => {
    const queues = await pairWith(entries(12));
    const { proxy, variables: faulty } = await queues.misbehaving(on('SendMessageBatch', () => DENIED));

    const { end, stderr, figures } = await redrive({ variables: faulty });
    const { visible, hidden } = await queues.rejectedCount();
    await proxy.close();

    expect({ end, figures }).toEqual({ end: 1, figures: undefined });
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toContain('could not send to the queue: AccessDenied');
    expect(visible + hidden).toBe(12);
    expect(await queues.workBodies()).toEqual([]);
  });

  it('loses nothing where some are sent and the rest are not', async () => {
    const rejected = entries(25);
    const queues = await pairWith(rejected);
    const { proxy, variables: faulty } = await queues.misbehaving((operation, _, callNumber) =>
      operation === 'SendMessageBatch' && callNumber > 1 ? DENIED : undefined,
    );

    const { end } = await redrive({ variables: faulty });
    const { visible, hidden } = await queues.rejectedCount();
    await proxy.close();

    expect(end).toBe(1);
    expect(visible + hidden).toBe(15);
    expect(await queues.workBodies()).toHaveLength(10);
  });

  it('sends again, and no more than that, where entries could not be deleted', async () => {
    const rejected = entries(10);
    const queues = await pairWith(rejected);
    const { proxy, variables: faulty } = await queues.misbehaving(on('DeleteMessageBatch', () => DENIED));

    const { end, stderr } = await redrive({ variables: faulty });
    const { visible, hidden } = await queues.rejectedCount();
    await proxy.close();

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toContain('could not delete from the queue: AccessDenied');
    expect(visible + hidden).toBe(10);
    expect(await queues.workBodies()).toEqual(texts(rejected));
  });

  it('retries single entries after transient failures', async () => {
    const rejected = entries(10);
    const queues = await pairWith(rejected);
    const failOnce = new Set(['SendMessageBatch', 'DeleteMessageBatch']);
    const { proxy, variables: faulty } = await queues.misbehaving((operation, body) => {
      if (!failOnce.delete(operation)) return undefined;
      const { Entries } = body as { Entries: readonly { readonly Id: string }[] };
      const Failed = Entries.map(({ Id }) => ({
        Id,
        Code: 'InternalError',
        Message: '',
        SenderFault: false,
      }));
      return { status: 200, body: { Successful: [], Failed } };
    });

    const outcome = await redrive({ variables: faulty });
    await proxy.close();

    expect(outcome).toEqual({ end: 0, stderr: '', figures: { redriven: 10, kept: 0, refused: 0 } });
    expect(await queues.workBodies()).toEqual(texts(rejected));
  });

  it.for([
    ['sent', 'SendMessageBatch'],
    ['deleted', 'DeleteMessageBatch'],
  ])('can be run again at once after entries could not be %s', async ([, operation = '']) => {
    const rejected = entries(12);
    const queues = await pairWith(rejected);
    const { proxy, variables: faulty } = await queues.misbehaving(on(operation, () => DENIED));
    await redrive({ variables: faulty });
    await proxy.close();

    await redrive(queues);

    expect(await queues.rejectedCount()).toEqual({ visible: 0, hidden: 0 });
    expect([...new Set(await queues.workBodies())]).toEqual(texts(rejected));
  });

  it('can be run again at once after it was interrupted', async () => {
    const rejected = entries(12);
    const queues = await pairWith(rejected);
    const { proxy, variables: faulty } = await queues.misbehaving(on('SendMessageBatch', () => 'hang'));
    const command = startCall(faulty, ['rejected', 'redrive']);
    await vi.waitFor(() => expect(proxy.callsOf('SendMessageBatch')).toBeGreaterThan(0), EVENTUALLY);
    command.process.kill('SIGINT');
    await command.ended;
    await proxy.close();

    await redrive(queues);

    expect(await queues.workBodies()).toEqual(texts(rejected));
  });

  it('says in one line that credentials have expired on the way', async () => {
    const queues = await pairWith(entries(12));
    const { proxy, variables: faulty } = await queues.misbehaving((operation) =>
      operation === 'ReceiveMessage' ? undefined : EXPIRED,
    );

    const { end, stderr } = await redrive({ variables: faulty }, '--match', 'nothing');
    await proxy.close();

    expect(end).toBe(1);
    expect(stderr).toMatch(ONE_LINE_ERROR);
  });
});
