import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eveFlow, zeekEntry } from '../../factories/sensor-logs.ts';
import type { Fields } from '../../fixtures/service/connections.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';
import { storedContents } from '../../fixtures/service/table-contents.ts';

let service: ScoringService;

beforeAll(async () => {
  service = await startScoringService();
});

afterAll(async () => await service?.stop());

/** Lines of a sensor's log, with different addresses. */
function zeekLines(network: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) =>
    JSON.stringify(zeekEntry({ uid: `C${network}x${n}`, 'id.resp_h': `198.18.${network}.${n}` })),
  );
}

function eveLines(network: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) =>
    JSON.stringify(eveFlow({ flow_id: n, dest_ip: `198.18.${network}.${n}` })),
  );
}

/** A Logstash event after the `json` filter on a `file` input, without the fields that docs/producers.md removes. */
function logstashEvent(line: string): string {
  const { '@timestamp': at, ...event } = {
    '@timestamp': '2026-09-21T14:13:20.123Z',
    ...(JSON.parse(line) as Fields),
  };
  return JSON.stringify({ ...event, '@timestamp': at, '@version': '1' });
}

/** Bodies sent with the configurations in docs/producers.md, according to each shipper's documented output. */
const SHIPPERS: readonly [string, string, (network: string) => string[]][] = [
  ['Redpanda Connect, archive: lines', '1', (network) => [zeekLines(network, 100).join('\n')]],
  ['Redpanda Connect, archive: json_array', '2', (network) => [`[${eveLines(network, 100).join(',')}]`]],
  ['Vector, reduce and codec text', '3', (network) => [`${eveLines(network, 100).join('\n')}`]],
  ['Vector, an event a message', '4', (network) => eveLines(network, 10)],
  ['Logstash, an event a message', '5', (network) => zeekLines(network, 10).map(logstashEvent)],
  ['own code, lines', '6', (network) => [`${zeekLines(network, 70).join('\n')}\n`]],
];

it.each(SHIPPERS)('stores all that %s sends', async (_, network, bodiesOf) => {
  const bodies = bodiesOf(network);
  const records = bodies.join('\n').match(/"198\.18\./g)?.length;

  const { Failed = [] } = await service.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: service.stack.names.workQueueUrl,
      Entries: bodies.map((MessageBody, n) => ({ Id: String(n), MessageBody, MessageGroupId: 'berlin-3' })),
    }),
  );
  await service.drained();

  expect(Failed).toEqual([]);
  expect(await service.rejections()).toEqual([]);
  expect(await storedContents(service.table, `198.18.${network}.`)).toHaveLength(records ?? 0);
  expect(records).toBeGreaterThanOrEqual(10);
});
