import { SQSClient } from '@aws-sdk/client-sqs';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AssessmentWindow, type WindowOptions } from '../../../lib/assessment/assess-window.ts';
import { BatchFailures } from '../../../lib/assessment/batch-failures.ts';
import { isPacked, minuteUnits, packedUnit } from '../../../lib/assessment/form-units.ts';
import type { QueuedMessage } from '../../../lib/assessment/queued-message.ts';
import { readBody } from '../../../lib/assessment/read-body.ts';
import { TimeBudget } from '../../../lib/aws/time-budget.ts';
import type { LookUpSources } from '../../../lib/intelligence/intelligence.ts';
import type { LookUps } from '../../../lib/intelligence/look-up.ts';
import { documentClient } from '../../factories/dynamodb.ts';
import { queuedMessage, SENT_AT_MS, scoringOptions } from '../../factories/messages.ts';
import { jsonLines, sensorRecord } from '../../factories/records.ts';

const client = documentClient();
const dynamodb = mockClient(client);
const sqsClient = new SQSClient({ region: 'eu-central-1' });
const sqs = mockClient(sqsClient);

const STARTED_AT_MS = SENT_AT_MS + 1_000;
const FOUND: LookUps = {
  virustotal: {
    outcome: 'found',
    intel: { malicious_vendors: 60, suspicious_vendors: 0, total_vendors: 94 },
    answered_at: 1_790_000_000,
  },
};

/** Sources whose answers the test controls. */
function sources({ isAllKnown = false, late = [] as readonly string[] } = {}) {
  const known = new Map<string, LookUps>();
  const round = {
    add: vi.fn(() => isAllKnown),
    find: vi.fn(async () => {}),
    lookUpsOf: (address: string) => known.get(address),
    complete: async () => {
      for (const address of late) known.set(address, FOUND);
      return new Set(late);
    },
    figures: () => ({ providers: {}, listed: 7 }),
  };
  const lookUp: LookUpSources = { withDocumentation: true, start: () => round };
  return { known, round, lookUp };
}

function windowWith(overrides: Partial<WindowOptions> = {}) {
  const failures = new BatchFailures();
  let elapsedMs = 0;
  const options: WindowOptions = {
    ...scoringOptions(),
    table: { client, tableName: 'assessments' },
    rejectedQueue: { client: sqsClient, queueUrl: 'https://sqs.test/rejected' },
    budget: new TimeBudget(STARTED_AT_MS, STARTED_AT_MS + 30_000, () => STARTED_AT_MS + ++elapsedMs),
    ...overrides,
  };
  return { failures, window: new AssessmentWindow(options, failures) };
}

const message = (messageId: string, ...records: readonly object[]) =>
  queuedMessage({ messageId, body: jsonLines(records) });
const about = (...addresses: readonly string[]) => addresses.map((dst_ip) => sensorRecord({ dst_ip }));

/** Adds messages with one body, like a batch. */
function take(window: AssessmentWindow, [first, ...others]: readonly QueuedMessage[]): void {
  if (first === undefined) throw new Error('a unit has a message');
  const body = readBody([first, ...others], scoringOptions().isLocal);
  for (const unit of isPacked(body) ? [packedUnit(body)] : minuteUnits([body])) {
    window.take(unit, STARTED_AT_MS);
  }
}

/** The partition keys of each request. */
function written(): string[][] {
  return dynamodb
    .commandCalls(BatchWriteCommand)
    .map(({ args }) =>
      (args[0].input.RequestItems?.assessments ?? []).map(({ PutRequest }) =>
        String(PutRequest?.Item?.pk).replace(/#\d$|^unit#.*/, (end) =>
          end.startsWith('unit') ? 'summary' : '',
        ),
      ),
    );
}

beforeEach(() => {
  dynamodb.reset();
  sqs.reset();
  dynamodb.onAnyCommand().resolves({});
  sqs.onAnyCommand().resolves({});
});

describe('a window', () => {
  it('is empty until a unit is taken', () => {
    const { window, failures } = windowWith();
    expect(window.isEmpty).toBe(true);

    take(window, [message('a', sensorRecord())]);
    expect([window.isEmpty, failures.messages.size]).toEqual([false, 0]);
  });

  it.each([
    ['stored', (n: number) => JSON.stringify(sensorRecord({ id: `C${n}` }))],
    ['repeated', () => JSON.stringify(sensorRecord())],
    ['rejected', (n: number) => (n === 0 ? JSON.stringify(sensorRecord()) : 'nonsense')],
  ])('is full with five thousand records, whether they are %s', (kind, line) => {
    const body = (count: number) => Array.from({ length: count }, (_, n) => line(n)).join('\n');
    // Invalid lines beyond a thousand become one text.
    const most = kind === 'rejected' ? 1_001 : 5_000;
    const { window } = windowWith();
    const filled = Array.from({ length: Math.floor(4_999 / most) }, (_, n) => n);
    for (const n of filled) take(window, [queuedMessage({ messageId: `${n}`, body: body(most) })]);
    const rest = 4_999 - filled.length * most;
    take(window, [queuedMessage({ messageId: 'rest', body: body(rest) })]);
    expect(window.isFull).toBe(false);

    take(window, [message('last', sensorRecord())]);
    expect(window.isFull).toBe(true);
  });

  it('looks nothing up, and has no figures, where there are no sources', async () => {
    const { window } = windowWith();
    take(window, [message('a', ...about('8.8.8.8'))]);

    const { units, lookUps } = await window.finish();

    expect(units).toHaveLength(1);
    expect(lookUps).toBeUndefined();
    expect(written()).toEqual([['address#8.8.8.8'], ['summary']]);
  });

  it('waits for nothing where memory knows everything', async () => {
    const { lookUp, round, known } = sources({ isAllKnown: true });
    known.set('8.8.8.8', FOUND);
    const { window } = windowWith({ lookUp });

    take(window, [message('a', ...about('8.8.8.8'))]);
    const { units, lookUps } = await window.finish();

    expect(round.find).not.toHaveBeenCalled();
    expect(units[0]?.statistics.lookups).toEqual({ virustotal: { found: 1 } });
    // Scored when it was added, not when the window was finished.
    expect(units[0]?.milliseconds).toBe(1);
    expect(lookUps).toEqual({ providers: {}, listed: 7 });
  });

  it('scores what waits once the answers are there', async () => {
    const { lookUp, round, known } = sources();
    round.find.mockImplementation(async () => void known.set('8.8.8.8', FOUND));
    const { window } = windowWith({ lookUp });

    take(window, [message('a', ...about('8.8.8.8'))]);
    const { units } = await window.finish();

    expect(round.find).toHaveBeenCalledTimes(1);
    expect(units[0]?.statistics.lookups).toEqual({ virustotal: { found: 1 } });
    expect(written()).toEqual([['address#8.8.8.8'], ['summary']]);
  });

  it('uses what is known about an address only where a unit wants it', async () => {
    const { lookUp, round, known } = sources();
    const threat_intel = {
      virustotal: { malicious_vendors: 0, total_vendors: 90 },
      abuseipdb: { confidence_score: 0, total_reports: 0 },
      listings: [],
    };
    round.find.mockImplementation(async () => void known.set('8.8.8.8', FOUND));
    const { window } = windowWith({ lookUp });

    take(window, [message('a', ...about('8.8.8.8'))]);
    take(window, [message('b', sensorRecord({ dst_ip: '8.8.8.8', threat_intel }))]);
    const { units } = await window.finish();

    expect(units.map(({ statistics }) => statistics.lookups)).toEqual([
      { virustotal: { found: 1 } },
      undefined,
    ]);
  });
});

describe('answers that come late', () => {
  it('are stored for the addresses that they are about, and nothing else is written again', async () => {
    const { lookUp } = sources({ late: ['8.8.8.8'] });
    const { window } = windowWith({ lookUp });

    take(window, [message('a', ...about('8.8.8.8', '9.9.9.9'), { bad: true })]);
    take(window, [message('b', ...about('1.1.1.1'))]);
    const { units } = await window.finish();

    expect(written()).toEqual([
      ['address#8.8.8.8', 'address#9.9.9.9', 'address#1.1.1.1'],
      ['summary', 'summary'],
      ['address#8.8.8.8'],
      ['summary'],
    ]);
    // The rejected record is sent once.
    expect(sqs.calls()).toHaveLength(1);
    expect(units.map(({ statistics }) => statistics.lookups)).toEqual([
      { virustotal: { found: 1 } },
      undefined,
    ]);
    expect(units.map(({ statistics }) => statistics.rejected)).toEqual([1, 0]);
  });

  it('leave the time as it was, since the verdicts were there', async () => {
    const [early, late] = [sources(), sources({ late: ['8.8.8.8'] })];
    const times = [];
    for (const { lookUp } of [early, late]) {
      const { window } = windowWith({ lookUp });
      take(window, [message('a', ...about('8.8.8.8'))]);
      const { units } = await window.finish();
      times.push(units.map(({ milliseconds }) => milliseconds));
    }

    expect(times).toEqual([[1], [1]]);
  });

  it('are of no use to a unit that could not be stored, if none of its messages was', async () => {
    const missing = Object.assign(new Error('no'), { name: 'ResourceNotFoundException' });
    dynamodb.on(BatchWriteCommand).rejectsOnce(missing).resolves({});
    const { lookUp } = sources({ late: ['8.8.8.8'] });
    const { window, failures } = windowWith({ lookUp });

    take(window, [message('a', ...about('8.8.8.8'))]);
    await window.finish();

    expect([...failures.messages.keys()]).toEqual(['a']);
    expect(written()).toEqual([['address#8.8.8.8']]);
  });

  it('are of no use to a unit of which a message could not be stored', async () => {
    sqs.onAnyCommand().resolves({ Failed: [{ Id: '0', SenderFault: true, Code: 'x', Message: 'no' }] });
    const { lookUp } = sources({ late: ['8.8.8.8', '9.9.9.9'] });
    const { window, failures } = windowWith({ lookUp });
    const units = minuteUnits(
      ['8.8.8.8', '9.9.9.9'].map((address) =>
        readBody([message(address, ...about(address), { bad: true })], scoringOptions().isLocal),
      ),
    );

    for (const unit of units) window.take(unit, STARTED_AT_MS);
    await window.finish();

    expect([...failures.messages.keys()]).toEqual(['8.8.8.8']);
    expect(written()).toEqual([['address#8.8.8.8', 'address#9.9.9.9'], ['summary']]);
  });

  it('do not cost what is stored where a defect shows only with them', async () => {
    const { lookUp } = sources({ late: ['8.8.8.8'] });
    const { assess, ...others } = scoringOptions();
    const { window, failures } = windowWith({
      ...others,
      lookUp,
      assess: (asked) => {
        if (typeof asked !== 'string' && asked.threat_intel !== undefined) throw new TypeError('defect');
        return assess(asked);
      },
    });

    take(window, [message('a', ...about('8.8.8.8'))]);
    const { units } = await window.finish();

    expect(written()).toEqual([['address#8.8.8.8'], ['summary']]);
    expect(units[0]?.statistics).toMatchObject({ stored: 1, rejected: 0 });
    expect(failures.messages.size).toBe(0);
  });

  it('are used although another address of the unit has a defect with or without them', async () => {
    const { lookUp } = sources({ late: ['8.8.8.8'] });
    const { assess, ...others } = scoringOptions();
    const { window } = windowWith({
      ...others,
      lookUp,
      assess: (asked) => {
        if (typeof asked !== 'string' && asked.address === '9.9.9.9') throw new TypeError('defect');
        return assess(asked);
      },
    });

    take(window, [message('a', ...about('8.8.8.8', '9.9.9.9'))]);
    await window.finish();

    expect(written()).toEqual([['address#8.8.8.8'], ['summary'], ['address#8.8.8.8'], ['summary']]);
  });
});
