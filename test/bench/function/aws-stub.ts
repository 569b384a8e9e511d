import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { UNITS_BY_OPERATION } from '../../../lib/local/metering/dynamodb-capacity.ts';
import { type Usage, UsageMeter } from '../../../lib/local/metering/usage.ts';
import type { TableDefinition } from '../../../lib/local/template/service-definition.ts';
import type { Sample } from '../../../lib/statistics/quantile.ts';
import { readTimes } from '../../../lib/store/unit-times.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import { settingsAnswer } from '../../fixtures/service/settings-answers.ts';

/** Stands in for DynamoDB, SQS and SSM on the loopback interface: takes every write and keeps nothing. */
export interface AwsStub {
  readonly endpoint: string;
  /** Takes out the times (ms) that summaries were written with since the last time, each weighted by its assessments. */
  takeTimes(): UnitTimes;
  /** Takes out what requests to the table cost since the last time. */
  takeUsage(): Usage['dynamodb'];
  close(): Promise<void>;
}

/** How long units took. */
export interface UnitTimes {
  /** From the start of work on a unit to its verdicts. */
  readonly latencies: readonly Sample[];
  /** From the start of the invocation to the unit's being stored. */
  readonly stored: readonly Sample[];
}

export interface AwsStubOptions {
  /** How long each answer takes, ms; none by default. */
  readonly latencyMs?: number;
  /** Counts what requests to the table cost, which takes time. */
  readonly isMetered?: boolean;
  /** Both providers have a key, and the table has their answers about every address. */
  readonly hasIntelligence?: boolean;
}

export async function startAwsStub(options: AwsStubOptions = {}): Promise<AwsStub> {
  const { hasIntelligence = false, latencyMs = 0, isMetered = false } = options;
  const times: TimedSummary[] = [];
  const { table, function: scoring } = DEPLOYED.definition;
  const meter = new UsageMeter(scoring.memoryMegabytes);
  const server = createServer();
  server.on('request', async (request, response) => {
    const body = await readBody(request);
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    const intelligence = hasIntelligence ? intelligenceFor(operation, body) : undefined;
    // Otherwise everything was done: nothing is left unprocessed, nothing failed.
    const answer = settingsFor(operation, body) ?? intelligence ?? sentFor(operation, body) ?? '{}';
    if (latencyMs > 0) await sleep(latencyMs);
    response.setHeader('content-type', 'application/x-amz-json-1.0').end(answer);
    times.push(...timesIn(body));
    if (isMetered) meterRequest(meter, operation, body, answer, table);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeTimes: () => {
      const taken = times.splice(0);
      return {
        latencies: taken.map(({ latencyMs: value, weight }) => ({ value, weight })),
        stored: taken.map(({ storedMs: value, weight }) => ({ value, weight })),
      };
    },
    takeUsage: () => {
      const { dynamodb } = meter.read();
      meter.reset();
      return dynamodb;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function meterRequest(
  meter: UsageMeter,
  operation: string,
  body: Buffer,
  answer: string,
  table: TableDefinition,
): void {
  const unitsOf = UNITS_BY_OPERATION[operation];
  if (unitsOf === undefined) return;
  meter.countDynamoDbRequest(operation);
  const { write, read } = unitsOf(JSON.parse(body.toString()), JSON.parse(answer), table);
  meter.addWriteUnits(write);
  meter.addReadUnits(read);
}

/** In mode `parallel` most is done: both scorers run. */
function settingsFor(operation: string, body: Buffer): string | undefined {
  // Of one parameter, as checkouts before the initial settings ask.
  if (operation === 'GetParameter') return JSON.stringify({ Parameter: { Value: SETTINGS, Version: 1 } });
  if (operation !== 'GetParameters') return undefined;
  const answer = settingsAnswer(JSON.parse(body.toString()), SETTINGS);
  return answer && JSON.stringify(answer);
}

const SETTINGS = '{"mode":"parallel","consensusPercent":50}';

/** The SDK checks that the queue got what it sent. */
function sentFor(operation: string, body: Buffer): string | undefined {
  if (operation !== 'SendMessage') return undefined;
  const { MessageBody } = JSON.parse(body.toString()) as { MessageBody: string };
  return JSON.stringify({ MessageId: 'sent', MD5OfMessageBody: hash('md5', MessageBody, 'hex') });
}

/** Keys of the providers, and what they said about whatever address is asked about. */
function intelligenceFor(operation: string, body: Buffer): string | undefined {
  if (operation === 'GetParameters') {
    const { Names = [] } = JSON.parse(body.toString()) as { Names?: string[] };
    return JSON.stringify({ Parameters: Names.map((Name) => ({ Name, Value: 'made-up', Version: 1 })) });
  }
  if (operation !== 'BatchGetItem') return undefined;
  const { RequestItems } = JSON.parse(body.toString()) as BatchGet;
  const found = Object.entries(RequestItems).map(([table, { Keys }]) => [
    table,
    Keys.map((key) => ({ ...key, ...ANSWERS })),
  ]);
  return JSON.stringify({ Responses: Object.fromEntries(found), UnprocessedKeys: {} });
}

interface BatchGet {
  readonly RequestItems: Record<string, { Keys: Record<string, unknown>[] }>;
}

const ANSWERED = { kind: { S: 'known' }, answered_at: { N: '1790000000' }, fresh_until: { N: '9999999999' } };
const ANSWERS = {
  virustotal: {
    M: {
      ...ANSWERED,
      intel: {
        M: { malicious_vendors: { N: '3' }, suspicious_vendors: { N: '1' }, total_vendors: { N: '94' } },
      },
    },
  },
  abuseipdb: {
    M: {
      ...ANSWERED,
      intel: {
        M: {
          confidence_score: { N: '40' },
          total_reports: { N: '12' },
          num_distinct_users: { N: '5' },
          last_reported_at: { N: '1789000000' },
          usage_type: { S: 'Fixed Line ISP' },
        },
      },
    },
  },
};

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface BatchWrite {
  readonly RequestItems?: Record<string, { PutRequest: { Item: SummaryValues } }[]>;
}
interface SummaryValues {
  readonly times?: { readonly S: string };
  readonly statistics?: { readonly M: Record<string, { readonly N: string }> };
}

interface TimedSummary {
  readonly latencyMs: number;
  readonly storedMs: number;
  readonly weight: number;
}

function timesIn(body: Buffer): TimedSummary[] {
  if (!body.includes('"times"')) return [];
  const { RequestItems = {} } = JSON.parse(body.toString()) as BatchWrite;
  const items = Object.values(RequestItems).flatMap((puts) => puts.map(({ PutRequest }) => PutRequest.Item));
  return items.flatMap(({ times, statistics }) => {
    if (times === undefined) return [];
    const { latency_ms: latencyMs, stored_ms: storedMs } = readTimes(times.S);
    return { latencyMs, storedMs, weight: Number(statistics?.M.assessments?.N) };
  });
}
