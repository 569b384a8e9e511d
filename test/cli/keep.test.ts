import { readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import {
  createWorkFolder,
  start,
  startThreatConsensus,
  threatConsensus,
} from '../fixtures/service/command-line.ts';
import { connection, connectionsTo, ndjson } from '../fixtures/service/connections.ts';
import { EVENTUALLY } from '../fixtures/service/scoring-service.ts';

const OTHER_CLIENT = fileURLToPath(new URL('../fixtures/service/other-client.ts', import.meta.url));

it('a kept stack serves other clients until it is interrupted, and belongs to one run', async () => {
  const folder = createWorkFolder();
  const TMPDIR = createWorkFolder();
  const file = join(folder, 'records.ndjson');
  const data = join(folder, 'data');
  writeFileSync(file, ndjson(connectionsTo('198.18.0', 2)));
  const kept = startThreatConsensus(['run', file, '--json', '--keep', '--data', data], { TMPDIR });
  await vi.waitFor(
    () => expect(kept.printed.stderr).toMatch(/^export INGEST_DEAD_LETTER_QUEUE_URL=\S+\n/m),
    EVENTUALLY,
  );
  const variables = exportsIn(kept.printed.stderr);

  const body = ndjson([connection({ dst_ip: '198.18.1.1' }), connection({ dst_ip: '198.18.1.2' })]);
  const [client, second] = await Promise.all([
    start(process.execPath, [OTHER_CLIENT, body], variables).ended,
    threatConsensus(['run', file, '--data', data]),
  ]);
  const portsBefore = await Promise.all(endpointsIn(variables).map(isListening));
  kept.process.kill('SIGINT');
  const { end, stdout, stderr } = await kept.ended;

  expect(client).toEqual({
    end: 0,
    stdout: JSON.stringify(['198.18.0.0', '198.18.0.1', '198.18.1.1', '198.18.1.2']),
    stderr: '',
  });
  expect(second).toEqual({
    end: 1,
    stdout: '',
    stderr: `error: The data directory ${data} is in use by another local stack.\n`,
  });
  expect(end).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ pushed: 2, stored: 2, duplicates: 0, rejected: 0 });
  expect(stderr).toMatch(/^\nThe stack keeps running [^\n]+\n\n(?:export [A-Z\d_]+=\S+\n)+$/);
  expect(portsBefore).toEqual([true, true]);
  expect(await Promise.all(endpointsIn(variables).map(isListening))).toEqual([false, false]);
  expect(readdirSync(TMPDIR)).toEqual([]);
});

function exportsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
}

function endpointsIn(variables: Readonly<Record<string, string>>): string[] {
  return [variables.AWS_ENDPOINT_URL_SQS ?? '', variables.AWS_ENDPOINT_URL_DYNAMODB ?? ''];
}

async function isListening(endpoint: string): Promise<boolean> {
  const { hostname, port } = new URL(endpoint);
  return await new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
