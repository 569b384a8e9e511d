import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLog } from '../../../lib/cli/use/input/open-log.ts';
import { runRecords } from '../../../lib/cli/use/run/run-records.ts';
import { scoreInput } from '../../../lib/cli/use/score/score-input.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { readAssessmentsOf } from '../../../lib/store/read-assessments.ts';
import { sequence } from '../../factories/iterables.ts';
import { jsonLines } from '../../factories/records.ts';
import { eveAlert, eveFlow } from '../../factories/sensor-logs.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';
import { collect } from '../../fixtures/service/table-contents.ts';

let service: ScoringService;

beforeAll(async () => {
  service = await startScoringService();
});

afterAll(async () => await service?.stop());

/**
 * Flows to addresses of a network; one of the first address's flows has alerts, and the second address's flow has the
 * id of another flow's alert.
 */
function eventsOf(network: string, flows: number) {
  const remote = (n: number) => `45.9.${network}.${n % 200}`;
  const events = Array.from({ length: flows }, (_, n) => eveFlow({ flow_id: 1_000 + n, dest_ip: remote(n) }));
  const rule = (signature_id: number, severity: number) => ({
    action: 'allowed',
    signature_id,
    signature: `ET MALWARE ${signature_id}`,
    severity,
  });
  const alerts = [
    eveAlert({ flow_id: 1_000, dest_ip: remote(0), alert: rule(1, 1) }),
    eveAlert({ flow_id: 1_000, src_ip: remote(0), dest_ip: '10.20.4.9', alert: rule(2, 1) }),
    eveAlert({ flow_id: 1_001, dest_ip: remote(150), alert: rule(3, 1) }),
    eveAlert({ flow_id: 9_999, dest_ip: remote(2), alert: rule(4, 1) }),
  ];
  // Of the first two, one comes before its flow and one after it.
  return [...alerts.slice(0, 1), ...events, ...alerts.slice(1)];
}

const DETECTIONS = [1, 2].map((signature_id) => ({
  signature: `ET MALWARE ${signature_id}`,
  signature_id,
  severity: 1,
}));

async function assessmentsOf(address: string) {
  return await collect(readAssessmentsOf(service.table, address, Date.now()));
}

/** Stored data of the alerted address and the next two. */
async function storedOf(network: string) {
  const found = await Promise.all([0, 1, 2].map((n) => assessmentsOf(`45.9.${network}.${n}`)));
  return found.map((assessments) =>
    assessments.map(({ assessment, connections }) => ({
      evidence: assessment.evidence,
      score: assessment.threat_score,
      detections: assessment.input.detections,
      alerted: connections.filter(({ detections }) => detections !== undefined).length,
    })),
  );
}

const input = (events: readonly object[]) => ({
  name: 'eve.json',
  chunks: sequence(Buffer.from(jsonLines(events))),
});

async function scoreLocally(network: string, flows: number) {
  const { results } = await scoreInput(input(eventsOf(network, flows)), {});
  const verdicts = (await Array.fromAsync(results)) as { address: string; threat_score: number }[];
  return verdicts.find(({ address }) => address === `45.9.${network}.0`);
}

/** @param alerted stored connections that carry the alerts themselves, as from `push` */
async function expectAlerted(network: string, flows: number, alerted = 0) {
  const verdict = await scoreLocally(network, flows);
  const [accused, ...others] = await storedOf(network);

  expect(verdict?.threat_score).toBeGreaterThan(0.7);
  expect(accused).toEqual([
    { evidence: ['detections'], score: verdict?.threat_score, detections: DETECTIONS, alerted },
  ]);
  for (const [other] of others)
    expect(other).toMatchObject({ evidence: [], detections: undefined, alerted: 0 });
}

it('alerts of a pushed log count for their flow, and are skipped themselves', async () => {
  const progress = { step: () => {}, update: () => {}, stop: () => {} };
  const options = { hasState: false, areProvidersSimulated: false, isLocal: createLocality([]), progress };
  const push = async () =>
    await runRecords(
      service.stack,
      { name: 'eve.json', log: await openLog(input(eventsOf('1', 120)), undefined) },
      options,
    );

  expect(await push()).toMatchObject({
    pushed: 120,
    stored: 120,
    duplicates: 0,
    missing: [],
    skipped: { alert: 4 },
  });
  await expectAlerted('1', 120, 1);
});

it('alerts within a message of a shipper do, and again where it comes again', async () => {
  const body = jsonLines(eventsOf('2', 120));

  for (let delivery = 0; delivery < 2; delivery++) {
    await service.push(body);
    await service.drained();
    await expectAlerted('2', 120);
  }
});

it.each([
  ['in the order of the log', '3', <T>(events: readonly T[]) => [...events]],
  ['the other way round', '4', <T>(events: readonly T[]) => events.toReversed()],
])('alerts in messages of their own do, %s', async (_, network, inOrder) => {
  await service.stack.pauseDelivery();
  await service.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: service.stack.names.workQueueUrl,
      Entries: inOrder(eventsOf(network, 3)).map((event, n) => ({
        Id: String(n),
        MessageBody: JSON.stringify(event),
      })),
    }),
  );
  service.stack.resumeDelivery();
  await service.drained();

  await expectAlerted(network, 3);
});

it('an alert whose flow is in no message is skipped', async () => {
  await service.push(JSON.stringify(eveAlert({ dest_ip: '45.9.5.1' })));
  await service.drained();

  expect(await assessmentsOf('45.9.5.1')).toEqual([]);
  expect(await service.rejections()).toEqual([]);
});
