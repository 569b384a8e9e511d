import { describe, expect, it } from 'vitest';
import { assessBatch, type BatchOptions } from '../../../lib/assessment/assess-batch.ts';
import type { QueuedMessage } from '../../../lib/assessment/queued-message.ts';
import { TimeBudget } from '../../../lib/aws/time-budget.ts';
import type { RejectedEntry } from '../../chaos/audit/audit-rejections.ts';
import { simulatedClients } from '../../chaos/simulation/clients.ts';
import { openMemoryServices } from '../../chaos/simulation/memory-services.ts';
import { errorAnswer, type WireAnswer, type WireRequest } from '../../chaos/simulation/service.ts';
import { Simulation } from '../../chaos/simulation/simulation.ts';
import { queuedMessage, SENT_AT_MS, scoringOptions } from '../../factories/messages.ts';
import { jsonLines, sensorRecord } from '../../factories/records.ts';

const refusal = errorAnswer(400, 'com.amazon.coral.validate#ValidationException', 'no');
const outage = errorAnswer(400, 'com.amazonaws.dynamodb.v20120810#ThrottlingException', 'too much');
const REFUSED = '203.0.113.7';

const refusesItems: Fault = ({ operation, body }) =>
  operation === 'BatchWriteItem' && body.includes(REFUSED) ? refusal : undefined;
const isAway: Fault = ({ isTable }) => (isTable ? outage : undefined);

type Fault = (request: WireRequest) => WireAnswer | undefined;

/** Speed-up of time, so that retries until a deadline end soon. */
const HASTE = 30;
/** For real work that takes time. */
const LEISURE = 2;

/** The services in memory, with a configurable fault, and the content of the dead-letter queue. */
async function startServices(haste = HASTE) {
  const deadLetters: RejectedEntry[] = [];
  const services = await openMemoryServices({
    onRejected: () => {},
    onDeleted: () => {},
    onDeadLetter: (entry) => deadLetters.push(entry),
  });
  const calls: string[] = [];
  const state: { fault: Fault | undefined } = { fault: undefined };
  const apply = (request: WireRequest) => {
    calls.push(request.operation);
    return state.fault?.(request) ?? services.apply(request);
  };
  const simulation = new Simulation({ random: () => 0.5, services: { apply }, nowMs: SENT_AT_MS });
  const { dynamodb, sqs } = simulatedClients(() => simulation);
  const startMs = Date.now();
  const now = () => startMs + (Date.now() - startMs) * haste;
  const deliver = async (messages: readonly QueuedMessage[], changes: Partial<BatchOptions> = {}) => {
    const { failures, givenUp } = await assessBatch(messages, {
      ...scoringOptions(),
      table: { client: dynamodb, tableName: services.tableName },
      rejectedQueue: { client: sqs, queueUrl: 'https://sqs.test/rejected' },
      deadLetterQueue: { client: sqs, queueUrl: 'https://sqs.test/dead' },
      workQueue: { client: sqs, queueUrl: 'https://sqs.test/work' },
      budget: new TimeBudget(now(), now() + 30_000, now),
      ...changes,
    });
    return { failed: [...failures.keys()], givenUp: [...givenUp.keys()] };
  };
  return { deliver, deadLetters, calls, state, services };
}

function received(receiveCount: number, name = 'bad'): QueuedMessage {
  const body = jsonLines([sensorRecord({ dst_ip: name === 'bad' ? REFUSED : '8.8.8.8' })]);
  return queuedMessage({ messageId: name, receiptHandle: `receipt-${name}`, body, receiveCount });
}

describe('a message that fails by its own fault', () => {
  it('is given up the fifth time, verbatim and with why, and its neighbours are stored', async () => {
    const { deliver, deadLetters, state } = await startServices();
    state.fault = refusesItems;

    for (const receiveCount of [1, 2, 3, 4]) {
      const outcome = await deliver([received(receiveCount), received(receiveCount, 'good')]);
      expect(outcome).toEqual({ failed: ['bad'], givenUp: [] });
    }
    expect(deadLetters).toEqual([]);

    expect(await deliver([received(5), received(5, 'good')])).toEqual({ failed: [], givenUp: ['bad'] });
    expect(deadLetters).toEqual([
      {
        text: received(1).body,
        attributes: {
          reason:
            'failed 5 times on its own, most recently: could not write to the table: ValidationException: no',
          attempts: '5',
          source_message_id: 'bad',
          sent_at: String(SENT_AT_MS),
        },
      },
    ]);
  });

  it('is not blamed for what happens while the table is away', async () => {
    const { deliver, deadLetters, state } = await startServices();
    for (let receiveCount = 1; receiveCount <= 8; receiveCount++) {
      state.fault = receiveCount % 2 === 0 ? refusesItems : isAway;
      expect(await deliver([received(receiveCount)])).toEqual({ failed: ['bad'], givenUp: [] });
    }
    state.fault = refusesItems;

    expect(await deliver([received(9)])).toEqual({ failed: [], givenUp: ['bad'] });
    expect(deadLetters).toHaveLength(1);
  });

  it('comes again where the dead-letter queue does not take it', async () => {
    const { deliver, state } = await startServices();
    state.fault = (request) => (request.operation === 'SendMessage' ? outage : refusesItems(request));
    for (const receiveCount of [1, 2, 3, 4, 5]) {
      expect(await deliver([received(receiveCount)])).toEqual({ failed: ['bad'], givenUp: [] });
    }
    state.fault = refusesItems;

    expect(await deliver([received(6)])).toEqual({ failed: [], givenUp: ['bad'] });
  });

  it('comes again where there is no dead-letter queue', async () => {
    const { deliver, state } = await startServices();
    state.fault = refusesItems;
    for (const receiveCount of [1, 2, 3, 4, 5, 6]) {
      const outcome = await deliver([received(receiveCount)], { deadLetterQueue: undefined });
      expect(outcome).toEqual({ failed: ['bad'], givenUp: [] });
    }
  });

  it('goes without attributes where its body leaves no room for them', async () => {
    const { deliver, deadLetters, state } = await startServices(LEISURE);
    state.fault = refusesItems;
    const padding = ' '.repeat(1_048_576 - received(1).body.length);
    const large = (receiveCount: number) => {
      const message = received(receiveCount);
      return { ...message, body: `${message.body}${padding}` };
    };
    for (const receiveCount of [1, 2, 3, 4, 5]) await deliver([large(receiveCount)]);

    expect(deadLetters.map(({ attributes }) => attributes)).toEqual([{}]);
    expect(deadLetters[0]?.text === large(1).body).toBe(true);
  });
});

describe('suspects', () => {
  it('are not begun where that cannot be counted, and the others need not try', async () => {
    const { deliver, calls, state } = await startServices();
    state.fault = ({ operation }) => (operation === 'UpdateItem' ? outage : undefined);

    const outcome = await deliver([received(3), received(3, 'good'), received(1, 'first')]);

    expect(outcome).toEqual({ failed: expect.arrayContaining(['bad', 'good']), givenUp: [] });
    expect(outcome.failed).toHaveLength(2);
    // Those of the message that is not a suspect: its items, then its summary.
    expect(calls.filter((operation) => operation === 'BatchWriteItem')).toHaveLength(2);
  });

  it('are not begun late in an invocation', async () => {
    const { deliver, calls } = await startServices();
    const budget = new TimeBudget(SENT_AT_MS, SENT_AT_MS + 30_000, () => SENT_AT_MS + 20_001);

    expect(await deliver([received(3)], { budget })).toEqual({ failed: ['bad'], givenUp: [] });
    expect(calls.filter((operation) => !/^(?:BatchGetItem|Query)$/.test(operation))).toEqual([]);
  });

  it('cost no write where they are stored and deleted, beside the one that counts them', async () => {
    const { deliver, calls } = await startServices();

    await deliver([received(3), received(4, 'good')]);

    expect(calls.filter((operation) => operation === 'UpdateItem')).toHaveLength(2);
  });
});
