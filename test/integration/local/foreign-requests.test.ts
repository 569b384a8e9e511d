import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type DynamoDbEmulator,
  startDynamoDbEmulator,
} from '../../../lib/local/emulators/dynamodb-emulator.ts';
import type { Emulator } from '../../../lib/local/emulators/emulator.ts';
import { isForeign } from '../../../lib/local/emulators/loopback.ts';
import { type SqsEmulator, startSqsEmulator } from '../../../lib/local/emulators/sqs-emulator.ts';
import { startSsmEmulator } from '../../../lib/local/emulators/ssm-emulator.ts';
import { UsageMeter } from '../../../lib/local/metering/usage.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';

const meter = new UsageMeter(1_769);
let sqs: SqsEmulator;
let dynamodb: DynamoDbEmulator;
let ssm: Emulator;

beforeAll(async () => {
  sqs = await startSqsEmulator({ meter });
  dynamodb = await startDynamoDbEmulator({ table: DEPLOYED.definition.table, meter });
  ssm = await startSsmEmulator();
});

afterAll(async () => {
  await sqs.close();
  await dynamodb.close();
  await ssm.close();
});

function statusOf(endpoint: string, headers: Record<string, string>): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const sent = request(endpoint, { method: 'POST', headers }, (response) => {
    response.resume();
    resolve(response.statusCode);
  });
  sent.on('error', reject).end('{}');
  return promise;
}

it.each([
  ['a web page', { origin: 'http://evil.example' }],
  ['a name that was made to mean this machine', { host: 'evil.example' }],
])('the emulators refuse %s', async (_, headers) => {
  expect(await statusOf(sqs.endpoint, { ...headers, 'x-amz-target': 'AmazonSQS.ListQueues' })).toBe(403);
  expect(
    await statusOf(dynamodb.endpoint, { ...headers, 'x-amz-target': 'DynamoDB_20120810.ListTables' }),
  ).toBe(403);
  expect(await statusOf(ssm.endpoint, { ...headers, 'x-amz-target': 'AmazonSSM.GetParameter' })).toBe(403);
});

it.each([
  [{ host: '127.0.0.1:4566' }, false],
  [{ host: 'localhost:4566' }, false],
  [{ host: '127.0.0.1.evil.example:80' }, true],
  [{ host: '127.0.0.1:4566', origin: 'null' }, true],
  [{}, true],
])('a request with %j is foreign: %s', (headers, expected) => {
  expect(isForeign(headers)).toBe(expected);
});
