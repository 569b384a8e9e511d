import type { SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bundleDefectiveHandler,
  type Defect,
  defectVariables,
} from '../../fixtures/infra/defective-handler.ts';
import { connectionsTo, contents, type Fields, ndjson } from '../../fixtures/service/connections.ts';
import { metricsOf } from '../../fixtures/service/function-log.ts';
import { eventOf, startSandbox } from '../../fixtures/service/sandbox.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';
import { storedContents, summariesOf } from '../../fixtures/service/table-contents.ts';

/** Connections to this port trigger the defect. */
const STRUCK_PORT = 666;

const DEFECTS: Readonly<Record<string, Defect>> = {
  'in telling the sides of a connection apart': {
    file: 'lib/records/endpoint.ts',
    before: 'const isSourceLocal =',
    code: `if (record.dst_port === ${STRUCK_PORT}) throw new TypeError('defect');`,
  },
  'in laying out items': {
    file: 'lib/store/address-item.ts',
    before: 'return layOutParts(',
    code: `if (assessed.address.startsWith('198.20.')) throw new TypeError('defect');`,
  },
  'in the metrics': {
    file: 'lib/assessment/report-metrics.ts',
    before: 'const count =',
    code: `throw new TypeError('defect');`,
  },
  'in the metrics of look-ups': {
    file: 'lib/assessment/report-look-ups.ts',
    before: 'const countSome =',
    code: `throw new TypeError('defect');`,
  },
  'in logging': {
    file: 'functions/score-connections/handler.ts',
    before: 'if (failures.size === 0) return;',
    code: `throw new TypeError('defect');`,
  },
  'that nobody waits for': {
    file: 'lib/assessment/score-address.ts',
    before: 'const groups = new AddressGroups',
    code: `if (records[0]?.record.dst_port === ${STRUCK_PORT}) void Promise.reject(new TypeError('defect'));`,
  },
  'in opening look-ups': {
    file: 'lib/intelligence/intelligence.ts',
    before: 'const { withDocumentation } = this.#options;',
    code: `throw new TypeError('defect');`,
  },
  'that kills the process': {
    file: 'lib/assessment/score-address.ts',
    before: 'const groups = new AddressGroups',
    code: `if (records[0]?.record.dst_port === ${STRUCK_PORT}) process.exit(1);`,
  },
};

let service: ScoringService;
let bundlePath: string;
let network = 0;

beforeAll(async () => {
  [service, bundlePath] = await Promise.all([startScoringService(), bundleDefectiveHandler(DEFECTS)]);
});

afterAll(() => service.stop());

interface Outcome {
  readonly status: string;
  readonly failed: readonly string[];
  readonly logs: readonly Fields[];
  readonly metrics: readonly Fields[];
}

/** Messages to different addresses; the second has one connection that triggers the defect. */
function batch() {
  network++;
  const clean = connectionsTo(`198.18.${network}`, 5);
  const beside = connectionsTo(`198.19.${network}`, 5);
  const [struck] = connectionsTo(`198.20.${network}`, 1, { dst_port: STRUCK_PORT });
  const after = connectionsTo(`198.21.${network}`, 5);
  if (struck === undefined) throw new TypeError('no connection');
  return {
    clean,
    beside,
    struck,
    after,
    bodies: [ndjson(clean), ndjson([...beside, struck]), ndjson(after)],
  };
}

async function invoke(defect: string, json: string, messageIds: readonly string[]): Promise<Outcome> {
  const lines: string[] = [];
  const sandbox = await startSandbox(service, {
    bundlePath,
    variables: { ...service.variables, ...defectVariables(defect) },
    onLogLine: (line) => lines.push(line),
  });
  const outcome = await sandbox.invoke(json);
  await sandbox.stop();
  const { batchItemFailures = [] } = (outcome.status === 'returned' ? outcome.response : {}) as {
    batchItemFailures?: { itemIdentifier: string }[];
  };
  const failed = batchItemFailures.map(({ itemIdentifier }) => String(messageIds.indexOf(itemIdentifier)));
  const logs = lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Fields] : [{ line }]));
  return { status: outcome.status, failed, logs, metrics: metricsOf(lines) };
}

async function stored(prefix: string): Promise<string[]> {
  return await storedContents(service.table, `${prefix}.${network}.`);
}

describe('a defect', () => {
  it.each<[string]>([['in telling the sides of a connection apart'], ['in laying out items']])(
    '%s costs the record that meets it, which waits in the rejected queue',
    async (defect) => {
      const { clean, beside, struck, after, bodies } = batch();
      const { json, messageIds } = eventOf(bodies);

      const outcome = await invoke(defect, json, messageIds);

      expect(outcome).toMatchObject({ status: 'returned', failed: [] });
      expect(await stored('198.18')).toEqual(contents(clean));
      expect(await stored('198.19')).toEqual(contents(beside));
      expect(await stored('198.20')).toEqual([]);
      expect(await stored('198.21')).toEqual(contents(after));
      const [, summary] = await summariesOf(service.table, bodies);
      expect(summary?.statistics).toMatchObject({ records: 6, stored: 5, duplicates: 0, rejected: 1 });
      const rejections = (await service.rejections()).filter(({ source }) => source === messageIds[1]);
      expect(rejections).toMatchObject([
        { index: 5, text: JSON.stringify(struck), reason: 'could not be scored: TypeError: defect' },
      ]);
      expect(outcome.metrics).toMatchObject([{ Defects: 1, RecordsStored: 15, RecordsRejected: 1 }]);
      expect(outcome.logs).toContainEqual(
        expect.objectContaining({ defects: { 'scoring a record: TypeError: defect': 1 } }),
      );
    },
  );

  it.each<[string, Fields]>([
    ['in the metrics', { line: 'score-connections could not report: TypeError: defect' }],
    ['in the metrics of look-ups', { line: 'score-connections could not report: TypeError: defect' }],
    ['in logging', { line: 'score-connections could not report: TypeError: defect' }],
    ['that nobody waits for', expect.objectContaining({ reasons: ['TypeError: defect'] }) as Fields],
    ['in opening look-ups', expect.objectContaining({ problem: 'TypeError: defect' }) as Fields],
  ])('%s costs no message and no record', async (defect, line) => {
    const { clean, beside, struck, after, bodies } = batch();
    const { json, messageIds } = eventOf(bodies);

    const outcome = await invoke(defect, json, messageIds);

    expect(outcome).toMatchObject({ status: 'returned', failed: [] });
    expect(await stored('198.18')).toEqual(contents(clean));
    expect(await stored('198.19')).toEqual(contents(beside));
    expect(await stored('198.20')).toEqual(contents([struck]));
    expect(await stored('198.21')).toEqual(contents(after));
    expect(outcome.logs).toContainEqual(line);
  });

  it('that kills the process at the third delivery takes no neighbour along', async () => {
    const { clean, beside, after, bodies } = batch();
    const deleted: unknown[] = [];
    service.faults.sqs = (operation, body) => {
      if (operation !== 'DeleteMessageBatch') return undefined;
      const { Entries } = body as { Entries: readonly { readonly ReceiptHandle: string }[] };
      deleted.push(...Entries.map(({ ReceiptHandle }) => ReceiptHandle));
      return { status: 200, body: { Successful: Entries, Failed: [] } };
    };
    const { json, messageIds } = eventOf(bodies, [1, 4, 3]);

    const outcome = await invoke('that kills the process', json, messageIds);
    service.faults.sqs = undefined;

    // Nothing counts against the others yet, so they are processed as a group.
    expect(outcome.status).toBe('failed');
    expect(await stored('198.18')).toEqual(contents(clean));
    expect(deleted).toEqual(['receipt-0']);
    expect(await stored('198.19')).toEqual([]);
    expect(await stored('198.21')).toEqual([]);

    await invoke('that kills the process', deliveredAgain(json, messageIds.slice(1)), messageIds);

    // Now each is processed alone, and the one delivered most often comes last.
    expect(await stored('198.21')).toEqual(contents(after));
    expect(await stored('198.19')).toEqual([]);
    expect(beside).toHaveLength(5);
  });

  it('that kills the process does not hide that its message keeps failing', async () => {
    const { bodies } = batch();
    const { json, messageIds } = eventOf(bodies, [1, 6, 5]);

    const outcome = await invoke('that kills the process', json, messageIds);

    expect(outcome.status).toBe('failed');
    expect(outcome.metrics).toMatchObject([{ MessagesKeepFailing: 2 }]);
    expect(outcome.metrics[0]).not.toHaveProperty('MessagesReceived');
  });
});

/** The event of the next delivery of some of an event's messages. */
function deliveredAgain(json: string, messageIds: readonly string[]): string {
  const { Records } = JSON.parse(json) as { readonly Records: readonly SQSRecord[] };
  const again = Records.filter(({ messageId }) => messageIds.includes(messageId)).map((record) => ({
    ...record,
    attributes: {
      ...record.attributes,
      ApproximateReceiveCount: String(Number(record.attributes.ApproximateReceiveCount) + 1),
    },
  }));
  return JSON.stringify({ Records: again });
}
