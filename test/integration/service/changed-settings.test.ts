import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ExecutionEnvironment } from '../../../lib/local/runtime/execution-environment.ts';
import { readAssessmentsOf } from '../../../lib/store/read-assessments.ts';
import { connection, contents, ndjson } from '../../fixtures/service/connections.ts';
import { eventOf, startSandbox } from '../../fixtures/service/sandbox.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';
import { itemsOf, on } from '../../fixtures/service/service-faults.ts';
import { settingsSaying } from '../../fixtures/service/settings-answers.ts';
import { collect, summariesOf, writtenItems } from '../../fixtures/service/table-contents.ts';

const ADDRESS = '198.18.0.1';

/**
 * One address with a verdict for each record, which fills several items; how many fit one depends on the verdicts'
 * size, and so on the settings.
 */
const RECORDS = Array.from({ length: 270 }, (_, n) =>
  connection({
    timestamp: 1_790_000_000 + n,
    dst_ip: ADDRESS,
    geo_data: { country_code: 'US', note: `${n} ${'x'.repeat(3_500)}` },
  }),
);
const BODY = ndjson(RECORDS);

let service: ScoringService;
/** Executions with different settings, as while a change of the parameter propagates. */
let consensus: ExecutionEnvironment;
let legacy: ExecutionEnvironment;

beforeAll(async () => {
  service = await startScoringService();
  consensus = await startWith('consensus');
  legacy = await startWith('legacy');
});

afterAll(async () => {
  await Promise.all([consensus.stop(), legacy.stop()]);
  await service.stop();
});

beforeEach(() => {
  service.faults.dynamodb = undefined;
});

async function startWith(mode: string): Promise<ExecutionEnvironment> {
  const sandbox = await startSandbox(service);
  service.faults.ssm = settingsSaying(JSON.stringify({ mode }));
  await sandbox.invoke(eventOf([]).json);
  service.faults.ssm = undefined;
  return sandbox;
}

/** A reader's view of the address: its connections by content, and the scorer used. */
async function read() {
  const found = await collect(readAssessmentsOf(service.table, ADDRESS, Date.now()));
  return {
    connections: contents(found.flatMap(({ connections }) => connections)),
    scoredBy: [...new Set(found.map(({ assessment }) => assessment.scored_by))],
  };
}

describe('a message that comes again after the settings have changed', () => {
  it('is read once, by the settings of the delivery that summed up last, whatever it left behind', async () => {
    const { json } = eventOf([BODY]);
    await consensus.invoke(json);
    const before = await read();
    await legacy.invoke(json);
    const after = await read();

    expect(before).toEqual({ connections: contents(RECORDS), scoredBy: ['consensus'] });
    expect(after).toEqual({ connections: contents(RECORDS), scoredBy: ['legacy'] });
    const [summary] = await summariesOf(service.table, [BODY]);
    const written = await writtenItems(service.table, ADDRESS);
    expect(written.length).toBeGreaterThan(summary?.items[0]?.records.length ?? Number.POSITIVE_INFINITY);
  });

  it('loses nothing of what was acknowledged where the other delivery dies half-way', async () => {
    const { json } = eventOf([BODY]);
    const acknowledged = await legacy.invoke(json);
    const doomed = await startWith('consensus');
    let writes = 0;
    service.faults.dynamodb = on('BatchWriteItem', (request) => {
      writes++;
      if (writes > 1) return 'hang';
      const [table = ''] = Object.keys((request as { RequestItems: object }).RequestItems);
      const [first, ...rest] = itemsOf(request);
      return {
        request: { RequestItems: { [table]: [first] } },
        mapResponse: () => {
          void doomed.stop();
          return { UnprocessedItems: { [table]: rest } };
        },
      };
    });

    const died = await doomed.invoke(json);

    expect(acknowledged).toMatchObject({ status: 'returned', response: { batchItemFailures: [] } });
    expect(died.status).toBe('failed');
    expect(writes).toBeGreaterThan(0);
    expect(await read()).toEqual({ connections: contents(RECORDS), scoredBy: ['legacy'] });
  });
});
