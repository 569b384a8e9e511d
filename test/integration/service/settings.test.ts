import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { canaryPlace } from '../../../lib/cutover/canary.ts';
import { divergenceOf } from '../../../lib/store/comparison.ts';
import { readAssessmentsOf } from '../../../lib/store/read-assessments.ts';
import type { ReadSummary } from '../../../lib/store/read-summaries.ts';
import { type SettingsStamp, stampText } from '../../../lib/store/settings-stamp.ts';
import { METRICS } from '../../../lib/telemetry/metric-names.ts';
import { callWith, variablesOf } from '../../fixtures/cli/calls.ts';
import { ACCUSED, connectionsTo, type Fields, ndjson } from '../../fixtures/service/connections.ts';
import { metricsOf, recordCounts, warningsOf } from '../../fixtures/service/function-log.ts';
import {
  EVENTUALLY,
  type ScoringService,
  startScoringService,
} from '../../fixtures/service/scoring-service.ts';
import { collect, scanItems, storedContents, summariesOf } from '../../fixtures/service/table-contents.ts';

const RECORDS = 8;
/** A message of this many is a unit by itself, identical whenever it comes. */
const PACKED = 64;
/** Settings are read again at every invocation, unless it follows at once. */
const IMPATIENT = { SETTINGS_MAX_AGE_SECONDS: '0.01' };

let service: ScoringService;
let network = 0;

beforeAll(async () => {
  service = await startScoringService({ functionEnvironment: IMPATIENT });
});

afterAll(async () => {
  await service.stop();
});

afterEach(async () => {
  await service.endFaults();
});

async function set(value: string): Promise<number> {
  const Name = service.stack.names.settingsParameter;
  const put = new PutParameterCommand({ Name, Value: value, Type: 'String', Overwrite: true });
  return (await service.stack.clients.ssm.send(put)).Version ?? 0;
}

interface Scored {
  readonly address: string;
  readonly fields: Fields;
  readonly settings: unknown;
}

interface Outcome {
  readonly stored: readonly Scored[];
  readonly summary: ReadSummary | undefined;
  readonly metrics: Fields;
}

/** Metrics once a version is in force. */
const inForce = (version: number) => ({ [METRICS.settingsVersion]: version, [METRICS.settingsInvalid]: 0 });

/** Metrics once the parameter is unusable, while an older version stays in force. */
const left = (version: number) => ({ [METRICS.settingsVersion]: version, [METRICS.settingsInvalid]: 1 });

/**
 * Pushes records to new addresses until the function uses the expected settings, which on a busy machine may take
 * several invocations. Returns the last result.
 */
async function score(expected: Fields, to = service): Promise<Outcome> {
  return await vi.waitFor(async () => {
    const outcome = await scoreOnce(to);
    expect(outcome.metrics).toMatchObject(expected);
    return outcome;
  }, EVENTUALLY);
}

async function scoreOnce(to: ScoringService): Promise<Outcome> {
  const prefix = `198.18.${network++}`;
  const linesBefore = to.logLines.length;
  const body = ndjson(connectionsTo(prefix, RECORDS, { threat_intel: ACCUSED }));
  await to.pushTogether(body);
  await to.drained();
  const metrics = await vi.waitFor(() => {
    const [last] = metricsOf(to.logLines.slice(linesBefore)).slice(-1);
    expect(last).toBeDefined();
    return last as Fields;
  }, EVENTUALLY);
  // Whatever the settings, every record is accounted for.
  expect(recordCounts(metrics)).toEqual({
    received: RECORDS,
    stored: RECORDS,
    duplicates: 0,
    rejected: 0,
    failedMessages: 0,
  });
  expect(await storedContents(to.table, `${prefix}.`)).toHaveLength(RECORDS);
  const addresses = Array.from({ length: RECORDS }, (_, n) => `${prefix}.${n}`);
  const reads = await Promise.all(
    addresses.map((address) => collect(readAssessmentsOf(to.table, address, Date.now()))),
  );
  const stored = reads.flat().map(({ address, assessment, settings }) => ({
    address,
    fields: assessment as unknown as Fields,
    settings,
  }));
  const [summary] = await summariesOf(to.table, [body]);
  return { stored, summary, metrics };
}

describe('the settings, changed while the service runs,', () => {
  it('lead from the legacy score over both to the consensus, and back', async () => {
    const versions: number[] = [];
    const scoreBy = async (value: string) => {
      const version = await set(value);
      versions.push(version);
      return await score(inForce(version));
    };
    const legacy = await scoreBy('{"mode":"legacy"}');
    const parallel = await scoreBy('{"mode":"parallel","consensusPercent":50}');
    const consensus = await scoreBy('{"mode":"consensus"}');
    const back = await scoreBy('{"mode":"legacy"}');

    for (const { stored, metrics } of [legacy, back]) {
      for (const { fields } of stored) {
        expect(fields).toMatchObject({ scored_by: 'legacy', method: 'none', votes: {} });
        expect(fields.threat_score).toBe(fields.legacy_score);
        expect(fields).not.toHaveProperty('consensus_score');
      }
      expect(metrics).toMatchObject({ [METRICS.cutoverMode]: 0, [METRICS.consensusAssessments]: 0 });
    }
    for (const { address, fields } of parallel.stored) {
      const isInCanary = canaryPlace(address) < 50;
      expect(fields.scored_by).toBe(isInCanary ? 'consensus' : 'legacy');
      expect(fields.threat_score).toBe(isInCanary ? fields.consensus_score : fields.legacy_score);
    }
    expect(new Set(parallel.stored.map(({ fields }) => fields.scored_by)).size).toBe(2);
    expect(parallel.metrics).toMatchObject({
      [METRICS.cutoverMode]: 1,
      [METRICS.consensusPercent]: 50,
      [METRICS.consensusAssessments]: RECORDS,
    });
    for (const { fields } of consensus.stored) {
      expect(fields).toMatchObject({ scored_by: 'consensus', method: 'median' });
      expect(fields).not.toHaveProperty('legacy_score');
    }
    const operators = (version: number | undefined) => ({
      source: 'operator',
      version,
      changedAtMs: expect.any(Number),
    });
    expect([legacy, parallel, consensus, back].map(({ stored }) => stored[0]?.settings)).toEqual([
      { mode: 'legacy', consensusPercent: 0, origin: operators(versions[0]), maliciousThreshold: 0.7 },
      { mode: 'parallel', consensusPercent: 50, origin: operators(versions[1]), maliciousThreshold: 0.7 },
      { mode: 'consensus', consensusPercent: 0, origin: operators(versions[2]), maliciousThreshold: 0.7 },
      { mode: 'legacy', consensusPercent: 0, origin: operators(versions[3]), maliciousThreshold: 0.7 },
    ]);
  });

  it('are the initial ones after a reset, and others although their number is the same', async () => {
    const { settingsParameter: Name } = service.stack.names;
    const reset = async () => {
      await service.stack.clients.ssm.send(new DeleteParameterCommand({ Name }));
      // The initial settings have no operator's version.
      return await score(inForce(0));
    };
    await reset();
    const first = await score(inForce(await set('{"mode":"consensus"}')));
    const between = await reset();
    const second = await score(inForce(await set('{"mode":"parallel","consensusPercent":100}')));

    const origins = [first, between, second].map(({ stored }) => stored[0]?.settings as SettingsStamp);
    expect(origins).toMatchObject([
      { mode: 'consensus', origin: { source: 'operator', version: 1 } },
      { mode: 'legacy', origin: { source: 'initial', version: 1 } },
      { mode: 'parallel', origin: { source: 'operator', version: 1 } },
    ]);
    expect(new Set(origins.map(stampText)).size).toBe(3);
    expect(between.stored[0]?.fields.scored_by).toBe('legacy');
    expect(first.metrics.settings).toBe(stampText(origins[0] as SettingsStamp));
    expect(second.metrics.settings).toBe(stampText(origins[2] as SettingsStamp));
  });

  it('have the summary say how both scores compare where both run, and only there', async () => {
    const both = '{"mode":"parallel","divergenceThreshold":0.01,"maliciousThreshold":0.9}';
    const { stored, summary, metrics } = await score(inForce(await set(both)));
    const alone = await score(inForce(await set('{"mode":"consensus"}')));

    // All addresses have the same intelligence, so the same pair of scores occurs many times.
    const [scores] = stored.map(({ fields }) => fields as { legacy_score: number; consensus_score: number });
    const isNewlyMalicious = Number(scores?.consensus_score) >= 0.9 && Number(scores?.legacy_score) < 0.9;
    expect(isNewlyMalicious).toBe(true);
    expect(summary?.statistics.comparison).toMatchObject({
      compared: RECORDS,
      agreements: 0,
      flips: [
        [0, RECORDS],
        [0, 0],
      ],
    });
    expect(summary?.divergences).toHaveLength(5);
    expect(summary?.divergences.map(divergenceOf)).toEqual(
      Array(5).fill(divergenceOf(scores ?? { legacy_score: 0, consensus_score: 0 })),
    );
    expect(metrics).toMatchObject({
      [METRICS.comparedAssessments]: RECORDS,
      [METRICS.divergentAssessments]: RECORDS,
      [METRICS.newlyMalicious]: RECORDS,
      [METRICS.noLongerMalicious]: 0,
    });
    const { stdout } = await callWith(variablesOf(service.stack))('stats');
    expect(stdout).toMatch(
      /^Legacy and consensus score of the same inputs\ncompared +\d+\n {2}agree +\d+ .*%\n/m,
    );
    expect(stdout).toMatch(
      /^ {2}newly malicious +\d+\n {2}no longer malicious +0\naverage difference +\+0\.\d{3}$/m,
    );
    expect(alone.summary?.statistics).not.toHaveProperty('comparison');
    expect(alone.summary?.divergences).toEqual([]);
    expect(alone.metrics[METRICS.comparedAssessments]).toBe(0);
  });

  it('have a message that comes again overwrite what it wrote under others', async () => {
    const body = ndjson(connectionsTo('198.19.0', PACKED, { threat_intel: ACCUSED }));
    const pushUnder = async (version: number) =>
      await vi.waitFor(async () => {
        await service.pushTogether(body);
        await service.drained();
        const items = await scanItems(service.table);
        const written = items.filter(({ pk }) => pk.startsWith('address#198.19.0.'));
        for (const { settings } of written) expect(settings).toMatch(new RegExp(` v${version}@\\d+$`));
        return written;
      }, EVENTUALLY);
    const before = await pushUnder(await set('{"mode":"legacy"}'));
    const after = await pushUnder(await set('{"mode":"consensus"}'));

    const keys = (items: typeof before) => items.map(({ pk, sk }) => ({ pk, sk }));
    expect(before).toHaveLength(PACKED);
    expect(keys(after)).toEqual(keys(before));
    expect(before.every(({ settings }) => String(settings).startsWith('legacy '))).toBe(true);
    expect(after.every(({ settings }) => String(settings).startsWith('consensus '))).toBe(true);
  });

  it('decide by their thresholds', async () => {
    const all = await score(inForce(await set('{"mode":"consensus","maliciousThreshold":0}')));
    const none = await score(inForce(await set('{"mode":"consensus","maliciousThreshold":1}')));

    expect(all.metrics[METRICS.malicious]).toBe(RECORDS);
    expect(none.metrics[METRICS.malicious]).toBe(0);
  });

  it('stay what they last were while they are invalid, with a warning and a metric', async () => {
    const version = await set('{"mode":"parallel","consensusPercent":100}');
    await score(inForce(version));
    const linesBefore = service.logLines.length;
    const invalid = await set('{"mode":"parallel","consensusPercent":500}');
    const problem = `version ${invalid} of the settings is invalid: consensusPercent: expected a whole number from 0 to 100, got 500`;

    const meanwhile = await vi.waitFor(async () => {
      const outcome = await score(left(version));
      expect(warningsOf(service.logLines.slice(linesBefore))).toContainEqual(
        expect.objectContaining({
          message: 'the settings cannot be used',
          problem,
        }),
      );
      return outcome;
    }, EVENTUALLY);
    const after = await score(inForce(await set('{"mode":"consensus"}')));

    expect(meanwhile.stored[0]?.settings).toMatchObject({
      mode: 'parallel',
      consensusPercent: 100,
      origin: { version },
    });
    expect(meanwhile.stored.map(({ fields }) => fields.scored_by)).toEqual(Array(RECORDS).fill('consensus'));
    expect(after.metrics).toMatchObject({ [METRICS.cutoverMode]: 2 });
  });

  it('of a newer version are followed as far as they are known', async () => {
    const version = await set('{"mode":"parallel","consensusPercent":100,"brake":{"on":true}}');

    const { stored, metrics } = await score(inForce(version));

    expect(stored[0]?.fields.scored_by).toBe('consensus');
    expect(metrics).toMatchObject({ [METRICS.settingsUnknownKeys]: 1 });
  });
});

describe('the settings, while the service that holds them is of no use,', () => {
  let version = 0;

  beforeAll(async () => {
    version = await set('{"mode":"consensus"}');
    await score(inForce(version));
  });

  it.each<[string, NonNullable<ScoringService['faults']['ssm']>]>([
    ['hangs', () => 'hang'],
    ['cuts connections', () => 'drop'],
    ['throttles', () => ({ status: 400, body: { __type: 'ThrottlingException', message: 'Rate exceeded' } })],
    ['fails', () => ({ status: 500, body: { __type: 'InternalServerError' } })],
    ['refuses', () => ({ status: 400, body: { __type: 'AccessDeniedException', Message: 'not you' } })],
    ['says nothing of them', () => ({ status: 200, body: { Parameters: [], InvalidParameters: [] } })],
  ])('stay what they last were: it %s', async (_, fault) => {
    service.faults.ssm = fault;

    const { stored, metrics } = await score(left(version));

    expect(stored[0]?.settings).toMatchObject({
      mode: 'consensus',
      consensusPercent: 0,
      origin: { version },
    });
    expect(metrics).toMatchObject({ [METRICS.cutoverMode]: 2, [METRICS.consensusAssessments]: RECORDS });
  });

  it('are followed again as soon as it is well', async () => {
    const next = await set('{"mode":"legacy"}');

    const { stored } = await score(inForce(next));

    expect(stored[0]?.settings).toMatchObject({ mode: 'legacy', origin: { version: next } });
  });
});

describe('a new environment without good settings', () => {
  it.each<[string, string, ScoringService['faults']['ssm']]>([
    ['they are invalid', '{"mode":"turbo"}', undefined],
    ['nobody answers for them', '{"mode":"consensus"}', () => 'drop'],
  ])('goes by the legacy score, and by them as soon as they are there: %s', async (_, value, fault) => {
    const fresh = await startScoringService({ functionEnvironment: IMPATIENT, settings: () => value });
    try {
      fresh.faults.ssm = fault;
      const before = await score(left(0), fresh);
      await fresh.endFaults();
      const Name = fresh.stack.names.settingsParameter;
      const good = { Name, Value: '{"mode":"consensus"}', Overwrite: true };
      await fresh.stack.clients.ssm.send(new PutParameterCommand(good));
      const after = await score(inForce(2), fresh);

      expect(before.stored[0]).toMatchObject({
        fields: { scored_by: 'legacy', method: 'none' },
        settings: { mode: 'legacy', origin: { source: 'none' } },
      });
      expect(after.stored[0]).toMatchObject({
        fields: { scored_by: 'consensus' },
        settings: { mode: 'consensus', origin: { version: 2 } },
      });
    } finally {
      await fresh.stop();
    }
  });
});
