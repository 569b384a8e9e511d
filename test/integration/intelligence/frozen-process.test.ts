import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dayOf } from '../../../lib/intelligence/lists/listed-range.ts';
import { toCreateTableInput } from '../../../lib/local/create-resources.ts';
import { startDynamoDbEmulator } from '../../../lib/local/emulators/dynamodb-emulator.ts';
import {
  type SimulatedProviders,
  startSimulatedProviders,
} from '../../../lib/local/emulators/simulated-providers.ts';
import { UsageMeter } from '../../../lib/local/metering/usage.ts';
import { LISTS_KEY } from '../../../lib/store/keys.ts';
import { replaceList } from '../../../lib/store/list-store.ts';
import { readAssessmentsOf } from '../../../lib/store/read-assessments.ts';
import type { TableAccess } from '../../../lib/store/table-access.ts';
import { deployedFunction } from '../../bench/function/build.ts';
import { FunctionChild } from '../../chaos/process/function-child.ts';
import { collect } from '../../factories/iterables.ts';
import { packedAddresses, storedList } from '../../factories/lists.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import { connection, ndjson } from '../../fixtures/service/connections.ts';
import { settingsAnswer } from '../../fixtures/service/settings-answers.ts';

const MAX_AGE_MS = 2_000;
/** Longer than an invocation, so that refreshes are in progress when it ends. */
const SLOW_MS = 300;

let table: TableAccess;
let endpoint: string;
let providers: SimulatedProviders;
let child: FunctionChild;
const cleanUp: (() => unknown)[] = [];
const key = { Value: 'first-key', Version: 1 };
const keysUsed: string[] = [];
let network = 0;
/** Response time of parameters and of the list index. */
let latencyMs = 0;

beforeAll(async () => {
  const { definition } = DEPLOYED;
  const dynamodb = await startDynamoDbEmulator({
    table: definition.table,
    meter: new UsageMeter(definition.function.memoryMegabytes),
  });
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: dynamodb.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await client.send(new CreateTableCommand(toCreateTableInput(definition.table)));
  table = { client: DynamoDBDocumentClient.from(client), tableName: definition.table.name };
  providers = await startSimulatedProviders({
    latencyMs: 0,
    intercept: (call) => {
      keysUsed.push(call.key);
      return undefined;
    },
  });
  endpoint = await startServices(dynamodb.endpoint);
  child = await FunctionChild.start(await deployedFunction(), endpoint, {
    PROVIDER_KEYS_MAX_AGE_SECONDS: String(MAX_AGE_MS / 1_000),
    LISTS_MAX_AGE_SECONDS: String(MAX_AGE_MS / 1_000),
    VIRUSTOTAL_URL: providers.baseUrl,
    ABUSEIPDB_URL: providers.baseUrl,
    VIRUSTOTAL_CALLS_PER_MINUTE: '1000',
    LOOKUP_WAIT_MS: '5000',
  });
  cleanUp.push(
    () => dynamodb.close(),
    () => client.destroy(),
    () => providers.close(),
    () => child.stop(),
  );
});

afterAll(async () => {
  for (const step of cleanUp.toReversed()) await step();
});

/** Serves the parameters, and proxies the table; parameters and lists are slow. */
async function startServices(dynamodbEndpoint: string): Promise<string> {
  const server = createServer((request, response) => {
    serve(request, response, dynamodbEndpoint).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serve(request: IncomingMessage, response: ServerResponse, dynamodb: string): Promise<void> {
  const [service = '', operation = ''] = String(request.headers['x-amz-target']).split('.');
  const body = await buffer(request);
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  if (operation === 'GetParameters' || body.includes(`"${LISTS_KEY.pk}"`)) await sleep(latencyMs);
  if (service === 'AmazonSSM') {
    response.end(JSON.stringify(parameters(body.toString())));
    return;
  }
  const { host: _, 'content-length': __, connection: ___, ...headers } = request.headers;
  const passedOn = await fetch(dynamodb, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body,
  });
  response.writeHead(passedOn.status).end(Buffer.from(await passedOn.arrayBuffer()));
}

function parameters(body: string): unknown {
  const { Names } = JSON.parse(body) as { Names: readonly string[] };
  const settings = settingsAnswer({ Names }, '{"mode":"consensus"}');
  return (
    settings ?? {
      Parameters: Names.filter((name) => name.endsWith('/virustotal')).map((Name) => ({ Name, ...key })),
    }
  );
}

async function importList(version: string, addresses: readonly string[]): Promise<void> {
  const chunks = packedAddresses(addresses, dayOf(Date.now()));
  const expiresAtMs = Date.now() + 3_600_000;
  await replaceList(table, storedList('made-up', { version, chunks: chunks.length, expiresAtMs }), chunks);
}

/**
 * An invocation about new addresses: which key and which version of the list it used. The process is stopped before and
 * after it, as Lambda does between invocations; its clocks continue.
 */
async function invoke(): Promise<{ key: string | undefined; list: string | undefined }> {
  network++;
  const [first, second] = [`203.0.113.${network}`, `198.51.100.${network}`];
  keysUsed.length = 0;
  const body = ndjson([connection({ dst_ip: first }), connection({ dst_ip: second })]);
  const attributes = { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) };
  const record = { messageId: `message-${network}`, receiptHandle: 'handle', body, attributes };
  child.signal('SIGCONT');
  const answer = await child.invoke(JSON.stringify({ Records: [record] }), 20_000);
  child.signal('SIGSTOP');
  expect(answer).toEqual({ failed: new Set() });
  const [inFirst, inSecond] = await Promise.all([listing(first), listing(second)]);
  return { key: keysUsed[0], list: inFirst ? 'first' : inSecond ? 'second' : undefined };
}

async function listing(address: string): Promise<boolean> {
  const [read] = await collect(readAssessmentsOf(table, address, Date.now()));
  return read?.assessment.lookups?.listings !== undefined;
}

const network24 = (prefix: string) => Array.from({ length: 256 }, (_, n) => `${prefix}.${n}`);
const ROTATIONS = [
  { key: 'second-key', list: 'second', addresses: network24('198.51.100') },
  { key: 'third-key', list: 'first', addresses: network24('203.0.113') },
];

it('a rotated key and an imported list are used although the process is frozen between invocations', async () => {
  await importList('version-0', network24('203.0.113'));
  expect(await invoke()).toEqual({ key: 'first-key', list: 'first' });
  latencyMs = SLOW_MS;
  let before = { key: 'first-key', list: 'first' };
  for (const { addresses, ...after } of ROTATIONS) {
    key.Value = after.key;
    key.Version++;
    await importList(`version-${after.key}`, addresses);
    await sleep(1.4 * MAX_AGE_MS);
    // Old: used once more while they are refreshed, unless a busy machine has made them too old by now.
    expect([before, after]).toContainEqual(await invoke());
    await sleep(1.4 * MAX_AGE_MS);
    expect(await invoke()).toEqual(after);
    before = after;
  }

  latencyMs = 0;
  key.Value = 'last-key';
  key.Version++;
  await importList('version-last', network24('198.51.100'));
  await sleep(2.2 * MAX_AGE_MS);
  // Too old: waits for the refresh.
  expect(await invoke()).toEqual({ key: 'last-key', list: 'second' });
});
