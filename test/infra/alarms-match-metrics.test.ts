import { readFileSync } from 'node:fs';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlarmKey } from '../../infra/monitoring/alarm-catalogue.ts';
import { SCORER_NAMES } from '../../lib/consensus/vote.ts';
import { INITIAL_SETTINGS_VALUE } from '../../lib/cutover/settings.ts';
import { putKey } from '../../lib/intelligence/keys/key-parameters.ts';
import { keysPath } from '../../lib/intelligence/keys/keys-path.ts';
import { PROVIDER_NAMES } from '../../lib/intelligence/providers/provider.ts';
import type { AlarmDefinition } from '../../lib/local/alarms/alarm-definition.ts';
import {
  keyRefusal,
  type SimulatedProviders,
  type SimulationOptions,
  startSimulatedProviders,
} from '../../lib/local/emulators/simulated-providers.ts';
import { traffic } from '../bench/records.ts';
import { DEPLOYED } from '../fixtures/deployed-service.ts';
import { AlarmTimeline, STEPS_PER_HOUR } from '../fixtures/infra/alarm-timeline.ts';
import { bundleAlterableHandler } from '../fixtures/infra/alterable-handler.ts';
import { DEPLOYED_ALARMS, isOwn } from '../fixtures/infra/deployed-alarms.ts';
import { type Printer, type PrinterOptions, startPrinter } from '../fixtures/infra/printed-metrics.ts';
import { type Intercept, throttled } from '../fixtures/local/fault-proxy.ts';
import { ACCUSED, CLEARED, connectionsTo, type Fields, ndjson } from '../fixtures/service/connections.ts';
import { type ScoringService, startScoringService } from '../fixtures/service/scoring-service.ts';
import { on } from '../fixtures/service/service-faults.ts';
import { onKeys, onSettings, settingsSaying } from '../fixtures/service/settings-answers.ts';

const SAMPLE = linesOf(
  readFileSync(new URL('../fixtures/sample/connections.ndjson', import.meta.url), 'utf8'),
);
/** AbuseIPDB's answer for an address that nobody reported. */
const NEVER_REPORTED = { confidence_score: 0, total_reports: 0, num_distinct_users: 0 };
const SENSOR_LOG = [...traffic({ records: 400, addresses: 80 })].map(({ text }) => text);

/** Normal traffic of various kinds. */
const ORDINARY: readonly {
  readonly kind: string;
  readonly bodies: readonly string[];
  /** Number of times in the hour; continuous by default. */
  readonly times?: number;
}[] = [
  { kind: 'the sample', bodies: packed(SAMPLE) },
  { kind: "a sensor's log", bodies: packed(SENSOR_LOG) },
  { kind: 'addresses that nobody knows', bodies: [ndjson(connectionsTo('203.0.113', 150))] },
  { kind: 'addresses that every source clears', bodies: [connections(150, CLEARED)] },
  { kind: 'a single record', bodies: [ndjson(connectionsTo('203.0.113', 1))] },
  { kind: 'a few records in a quiet night, invalid', bodies: ['{"src_ip":"203.0.113.7"}'], times: 10 },
];

interface Situation {
  readonly kind: string;
  /** Exactly these go to ALARM. */
  readonly alarms: readonly AlarmKey[];
  readonly bodies?: readonly string[];
  /** Number of deliveries; 1 by default. */
  readonly deliveries?: number;
  /** How long they had waited; by default each was sent in a different minute. */
  readonly waitedMs?: number;
  readonly altered?: PrinterOptions;
  readonly dynamodb?: Intercept;
  readonly ssm?: Intercept;
}

/** For messages whose age matters, in minutes. */
const REAL_CLOCK: PrinterOptions = { clockStepMs: undefined };

const SITUATIONS: readonly Situation[] = [
  { kind: 'a failing scorer', alarms: ['scorer-failure-rate'], altered: { failingScorers: ['ml_based'] } },
  {
    kind: 'scorers that all fail',
    alarms: ['scorer-failure-rate', 'consensus-failure-rate', 'average-score-low'],
    altered: { failingScorers: SCORER_NAMES },
  },
  {
    kind: 'a failing scorer while the consensus is only tried out',
    alarms: ['scorer-failure-rate'],
    altered: { failingScorers: ['statistical'] },
    ssm: settingsSaying('{"mode":"parallel","consensusPercent":0}'),
  },
  {
    kind: 'failing scorers that nobody asks',
    alarms: [],
    altered: { failingScorers: SCORER_NAMES },
    ssm: settingsSaying(INITIAL_SETTINGS_VALUE),
  },
  {
    kind: 'evidence that the scorers disagree on',
    alarms: ['uncertainty-rate'],
    bodies: [
      connections(60, { virustotal: { malicious_vendors: 2, total_vendors: 94 }, abuseipdb: NEVER_REPORTED }),
      ndjson(connectionsTo('203.0.113', 60)),
    ],
  },
  { kind: 'scores that went flat', alarms: ['average-score-low'], altered: { everyScore: 0 } },
  {
    kind: 'an attack from known addresses',
    alarms: ['average-score-high'],
    bodies: [connections(150, ACCUSED)],
  },
  {
    kind: 'a sensor with a new format',
    alarms: ['rejected-share'],
    bodies: [...packed(SENSOR_LOG), SENSOR_LOG.slice(0, 24).join('\n').replaceAll('dst_ip', 'destination')],
  },
  {
    kind: 'a small site all of whose records are invalid',
    alarms: ['rejected-records'],
    bodies: ['{"src_ip":"203.0.113.7"}'],
  },
  {
    kind: 'a message that keeps failing',
    alarms: ['messages-keep-failing'],
    deliveries: 5,
  },
  {
    kind: 'messages that wait longer than they may',
    alarms: ['freshness'],
    bodies: SENSOR_LOG.slice(0, 40),
    waitedMs: 30_000,
    altered: REAL_CLOCK,
  },
  {
    kind: 'a backlog that is worked off',
    alarms: [],
    bodies: SENSOR_LOG.slice(0, 40),
    waitedMs: 2 * 3_600_000,
    altered: REAL_CLOCK,
  },
  {
    kind: 'messages that come again after an outage',
    alarms: [],
    bodies: SENSOR_LOG.slice(0, 40),
    deliveries: 2,
    waitedMs: 180_000,
    altered: REAL_CLOCK,
  },
  { kind: 'slowness', alarms: ['latency-warning'], altered: { clockStepMs: 150 } },
  {
    kind: 'more slowness',
    alarms: ['latency-warning', 'latency-critical'],
    // Nothing that stores findings: each request reads the clock, so the time limit would be reached first.
    bodies: [connections(150, CLEARED)],
    altered: { clockStepMs: 600 },
  },
  {
    kind: 'writes that are throttled',
    alarms: ['messages-failed'],
    // The minimum for an alarm on their share.
    bodies: SENSOR_LOG.slice(0, 20),
    dynamodb: on('BatchWriteItem', throttled),
    // The function retries until the timeout, so its clock has to advance in real time.
    altered: { timeoutSeconds: 2.8, clockStepMs: undefined },
  },
  { kind: 'promises that fail unseen', alarms: ['defects'], altered: { failsUnseen: true } },
  {
    kind: 'invalid settings',
    alarms: ['settings-invalid'],
    ssm: settingsSaying('{"mode":"democracy"}'),
  },
  {
    kind: 'settings that cannot be read',
    alarms: ['settings-invalid'],
    ssm: onSettings(() => ({ status: 500, body: { __type: 'InternalServerError', message: '' } })),
  },
  {
    kind: 'keys that may not be read',
    alarms: ['intelligence-outdated'],
    ssm: onKeys(() => ({ status: 400, body: { __type: 'AccessDeniedException', message: '' } })),
  },
];

describe('alarms on what the function reports', () => {
  let service: ScoringService;
  let bundlePath: string;
  const own = new Map([...DEPLOYED_ALARMS].filter(([, alarm]) => isOwn(alarm)));
  let unaltered: Printer;
  let usual: readonly string[];

  beforeAll(async () => {
    [service, bundlePath] = await Promise.all([startScoringService(), bundleAlterableHandler()]);
    unaltered = await startPrinter(bundlePath, service);
    usual = await unaltered.linesOn(packed(SENSOR_LOG));
  });

  afterAll(async () => {
    await unaltered?.stop();
    await service?.stop();
  });

  /** Log lines of an invocation in this situation. */
  async function printedIn({
    bodies = packed(SENSOR_LOG),
    deliveries,
    waitedMs,
    altered,
    dynamodb,
    ssm,
  }: Situation) {
    if (altered === undefined && dynamodb === undefined && ssm === undefined) {
      return await unaltered.linesOn(bodies, deliveries, waitedMs);
    }
    Object.assign(service.faults, { dynamodb, ssm });
    const printer = await startPrinter(bundlePath, service, altered);
    const lines = await printer.linesOn(bodies, deliveries, waitedMs);
    await printer.stop();
    Object.assign(service.faults, { dynamodb: undefined, ssm: undefined });
    return lines;
  }

  it.each(ORDINARY)('stay silent on $kind', async ({ bodies, times = STEPS_PER_HOUR }) => {
    const timeline = new AlarmTimeline(own);
    const lines = await unaltered.linesOn(bodies);

    const raised = timeline.pass(times, lines);
    for (const key of timeline.pass(STEPS_PER_HOUR - times, [])) raised.add(key);

    expect([...raised]).toEqual([]);
    expect(timeline.inState('OK')).toEqual(new Set(own.keys()));
  });

  it.each(SITUATIONS)('tell $kind by $alarms, and of its end', async (situation) => {
    const wrong = await printedIn(situation);
    const timeline = new AlarmTimeline(own);

    timeline.pass(STEPS_PER_HOUR, usual);
    const raised = timeline.pass(STEPS_PER_HOUR, wrong);
    const atItsEnd = timeline.inState('ALARM');
    timeline.pass(3 * STEPS_PER_HOUR, usual);

    const expected = new Set(situation.alarms);
    expect(raised).toEqual(expected);
    expect(atItsEnd).toEqual(expected);
    expect(timeline.inState('OK')).toEqual(new Set(own.keys()));
  });

  it('are each put to the test', () => {
    const tested = new Set([...SITUATIONS, ...PROVIDER_SITUATIONS].flatMap(({ alarms }) => alarms));

    expect(tested).toEqual(new Set(own.keys()));
  });

  it('look at nothing that the function does not report', () => {
    const timeline = new AlarmTimeline(own);
    timeline.pass(1, usual);

    const unknown = [...own]
      .filter(([key]) => !ON_LOOK_UPS.has(key))
      .flatMap(([, alarm]) => metricsOf(alarm).filter((metric) => !timeline.store.has(metric)));

    expect(unknown).toEqual([]);
  });
});

/** How a provider fails on every request; it answers normally by default. */
const PROVIDER_SITUATIONS: readonly {
  readonly kind: string;
  readonly alarms: readonly AlarmKey[];
  readonly intercept: SimulationOptions['intercept'];
}[] = [
  {
    kind: 'a key that VirusTotal refuses',
    alarms: ['virustotal-key-refused'],
    intercept: ({ provider }) => (provider === 'virustotal' ? keyRefusal(provider) : undefined),
  },
  {
    kind: 'a key that AbuseIPDB refuses',
    alarms: ['abuseipdb-key-refused'],
    intercept: ({ provider }) => (provider === 'abuseipdb' ? keyRefusal(provider) : undefined),
  },
  {
    kind: 'providers that are out of order',
    alarms: ['virustotal-failing', 'abuseipdb-failing'],
    intercept: () => ({ status: 503, body: '' }),
  },
];
const ON_LOOK_UPS: ReadonlySet<AlarmKey> = new Set(PROVIDER_SITUATIONS.flatMap(({ alarms }) => alarms));

describe('alarms on the providers of threat intelligence', () => {
  let providers: SimulatedProviders;
  let intercept: SimulationOptions['intercept'];
  let service: ScoringService;
  let printers = 0;
  const watching = new Map([...DEPLOYED_ALARMS].filter(([key]) => ON_LOOK_UPS.has(key as AlarmKey)));

  beforeAll(async () => {
    providers = await startSimulatedProviders({ latencyMs: 0, intercept: (call) => intercept?.(call) });
    service = await startScoringService({ prepare: async ({ ssm }) => storeKeys(ssm, 'first') });
  });

  afterAll(async () => {
    await service?.stop();
    await providers?.close();
  });

  /** Log lines of a new execution environment about addresses that were not looked up before. */
  async function printed(): Promise<string[]> {
    const { baseUrl } = providers;
    const variables = {
      ...service.variables,
      VIRUSTOTAL_URL: baseUrl,
      ABUSEIPDB_URL: baseUrl,
      VIRUSTOTAL_CALLS_PER_MINUTE: '10000',
      VIRUSTOTAL_CALLS_PER_DAY: '10000',
      ABUSEIPDB_CALLS_PER_MINUTE: '10000',
      ABUSEIPDB_CALLS_PER_DAY: '10000',
    };
    const printer = await startPrinter(DEPLOYED.bundlePath, { ...service, variables });
    printers += 2;
    try {
      // The first says how many calls failed in a row, the second that the provider is suspended.
      await printer.linesOn([ndjson(connectionsTo(`203.0.${printers}`, 20))]);
      return await printer.linesOn([ndjson(connectionsTo(`203.0.${printers + 1}`, 20))]);
    } finally {
      await printer.stop();
    }
  }

  it.each(PROVIDER_SITUATIONS)('tell $kind by $alarms, and of its end', async (situation) => {
    const usual = await printed();
    intercept = situation.intercept;
    const wrong = await printed();
    intercept = undefined;
    // Rejected keys stay rejected until they are replaced.
    await storeKeys(service.stack.clients.ssm, situation.kind.replaceAll(' ', '-'));
    const mended = await printed();
    const timeline = new AlarmTimeline(watching);

    expect([...timeline.pass(STEPS_PER_HOUR, usual)]).toEqual([]);
    const raised = timeline.pass(STEPS_PER_HOUR, wrong);
    timeline.pass(STEPS_PER_HOUR, mended);

    expect(raised).toEqual(new Set(situation.alarms));
    expect(timeline.inState('OK')).toEqual(new Set(watching.keys()));
    const unknown = [...watching.values()].flatMap((alarm) =>
      metricsOf(alarm).filter((metric) => !timeline.store.has(metric)),
    );
    expect(unknown).toEqual([]);
  });

  async function storeKeys(ssm: SSMClient, key: string): Promise<void> {
    for (const provider of PROVIDER_NAMES) await putKey(ssm, keysPath('dev'), provider, key);
  }
});

function metricsOf({ metrics }: AlarmDefinition) {
  return [...metrics.values()];
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Bodies of one batch, as packed by a producer. */
function packed(records: readonly string[]): string[] {
  const size = Math.ceil(records.length / 4);
  return [0, 1, 2, 3].map((n) => records.slice(n * size, (n + 1) * size).join('\n'));
}

/** Connections to addresses with the same evidence. */
function connections(count: number, threat_intel: Fields): string {
  return ndjson(connectionsTo('198.18.0', count, { threat_intel }));
}
