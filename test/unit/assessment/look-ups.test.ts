import { SQSClient } from '@aws-sdk/client-sqs';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assessBatch, type BatchOptions, type BatchOutcome } from '../../../lib/assessment/assess-batch.ts';
import { scoreUnit } from '../../../lib/assessment/score-unit.ts';
import { TimeBudget } from '../../../lib/aws/time-budget.ts';
import type { LookUps } from '../../../lib/intelligence/look-up.ts';
import { lookUpSubjects } from '../../../lib/intelligence/look-up-subjects.ts';
import {
  type ProviderCall,
  type SimulatedProviders,
  startSimulatedProviders,
} from '../../../lib/local/emulators/simulated-providers.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { recordIdentity } from '../../../lib/records/record-identity.ts';
import type { AddressItem } from '../../../lib/store/address-item.ts';
import { readAddressItems, readScorings } from '../../../lib/store/read-address-items.ts';
import { timesText } from '../../../lib/store/unit-times.ts';
import { documentClient, itemBytes, wireItem } from '../../factories/dynamodb.ts';
import { allItems } from '../../factories/items.ts';
import { lookUp } from '../../factories/look-ups.ts';
import {
  queuedMessage,
  readAlone,
  SENT_AT_MS,
  scoreMessage,
  scoringOptions,
} from '../../factories/messages.ts';
import { jsonLines, sensorRecord } from '../../factories/records.ts';

const isLocal = createLocality(['147.32.80.0/20']);
const LOOKUPS: LookUps = {
  virustotal: {
    outcome: 'found',
    intel: { malicious_vendors: 20, suspicious_vendors: 0, total_vendors: 94 },
    answered_at: 1_790_000_000,
  },
  abuseipdb: {
    outcome: 'found',
    intel: {
      confidence_score: 100,
      total_reports: 90,
      num_distinct_users: 40,
      last_reported_at: 1_600_000_000,
    },
    answered_at: 1_790_000_000,
  },
};

function read(...records: readonly object[]) {
  return readAlone(queuedMessage({ body: jsonLines(records) }), isLocal);
}

function bare(overrides: object = {}) {
  const { threat_intel: _, geo_data: __, ...record } = sensorRecord();
  return { ...record, local_orig: true, local_resp: false, dst_ip: '8.8.8.8', ...overrides };
}

describe('lookUpSubjects', () => {
  it.each<[string, object]>([
    ['a private address', { dst_ip: '192.168.1.7' }],
    ['a private address that the sensor calls remote', { dst_ip: '10.0.0.9', local_resp: false }],
    ["one of the site's own", { dst_ip: '147.32.84.165' }],
    ['both sides local', { local_resp: true }],
    ['a multicast address', { dst_ip: '224.0.0.251' }],
    ['an example of documentation', { dst_ip: '203.0.113.9' }],
    ['a link-local address', { dst_ip: 'fe80::1' }],
  ])('never names %s', (_, fields) => {
    expect(lookUpSubjects(read(bare(fields)), { isLocal, withDocumentation: false })).toEqual([]);
  });

  it('names examples of documentation where only this machine is asked, and nothing else that is local', () => {
    const message = read(...['203.0.113.9', '2001:db8::1', '10.0.0.9'].map((dst_ip) => bare({ dst_ip })));
    const subjects = lookUpSubjects(message, { isLocal, withDocumentation: true });

    expect(subjects.map(({ address }) => address)).toEqual(['203.0.113.9', '2001:db8::1']);
  });

  it('names an address once, with its connections and the sources that some record lacks', () => {
    const listings = [{ source: 'a', kind: 'malicious', weight: 9 }];
    const virustotal = { malicious_vendors: 0, total_vendors: 90 };
    const message = read(
      bare({ id: 'a', threat_intel: { virustotal } }),
      bare({ id: 'b', threat_intel: { virustotal, listings } }),
      bare({ id: 'c', threat_intel: { virustotal } }),
    );

    expect(lookUpSubjects(message, { isLocal, withDocumentation: false })).toEqual([
      {
        address: '8.8.8.8',
        sources: new Set(['abuseipdb', 'listings']),
        hasEvidence: true,
        isKnocking: false,
        connections: 3,
      },
    ]);
  });

  it.each([
    ['unanswered from outside', ['unanswered', 'refused'], true],
    ['once answered', ['unanswered', 'answered'], false],
    ['of which nobody says how they ended', [undefined], false],
  ])('says of connections %s whether they only knock', (_, states, isKnocking) => {
    const message = read(
      ...states.map((state, n) =>
        bare({
          id: String(n),
          ...{ src_ip: '8.8.8.8', dst_ip: '10.0.0.5', local_orig: false, local_resp: true },
          ...(state && { state }),
        }),
      ),
    );

    expect(lookUpSubjects(message, { isLocal, withDocumentation: false })).toMatchObject([{ isKnocking }]);
  });

  it('wants every source where one record brings nothing', () => {
    const message = read(
      bare({ id: 'a', threat_intel: { virustotal: { malicious_vendors: 0, total_vendors: 90 } } }),
      bare({ id: 'b' }),
    );

    expect(lookUpSubjects(message, { isLocal, withDocumentation: false })).toEqual([
      {
        address: '8.8.8.8',
        sources: new Set(['virustotal', 'abuseipdb', 'listings']),
        hasEvidence: true,
        isKnocking: false,
        connections: 2,
      },
    ]);
  });

  it('wants nothing of an address about which its records bring everything', () => {
    const threat_intel = {
      virustotal: { malicious_vendors: 0, total_vendors: 90 },
      abuseipdb: { confidence_score: 0, total_reports: 0 },
      listings: [],
    };

    expect(lookUpSubjects(read(bare({ threat_intel })), { isLocal, withDocumentation: false })).toEqual([
      { address: '8.8.8.8', sources: new Set(), hasEvidence: true, isKnocking: false, connections: 1 },
    ]);
  });
});

describe('scoreUnit with look-ups', () => {
  const options = scoringOptions({ isLocal });
  const plan = (records: readonly object[], lookups: LookUps | undefined) =>
    scoreUnit(read(...records), options, () => lookups);

  it('scores what was looked up like what a record brings along', () => {
    const brought = {
      virustotal: LOOKUPS.virustotal?.intel,
      abuseipdb: LOOKUPS.abuseipdb?.intel,
    };
    const [looked] = plan([bare()], LOOKUPS).items.flatMap((item) => readAddressItems([item]));
    const [same] = plan([bare({ threat_intel: brought })], undefined).items.flatMap((item) =>
      readAddressItems([item]),
    );

    const { lookups, input, ...verdict } = looked?.assessment ?? { input: {} };
    const { input: inputOfSame, ...expected } = same?.assessment ?? { input: {} };
    expect(verdict).toEqual(expected);
    expect(lookups).toEqual(LOOKUPS);
    expect(input).toEqual({ report_age_days: inputOfSame.report_age_days });
  });

  it('gives the records back as they came, whatever they bring', () => {
    const records = [
      bare({ id: 'a' }),
      bare({ id: 'b', threat_intel: {} }),
      bare({ id: 'c', threat_intel: { note: 'ours' } }),
      bare({ id: 'd', threat_intel: { virustotal: LOOKUPS.virustotal?.intel } }),
      bare({ id: 'e', threat_intel: { abuseipdb: { confidence_score: 3, total_reports: 1 } } }),
    ];
    const identities = (items: readonly AddressItem[]) =>
      items
        .flatMap((item) => readAddressItems([item]))
        .flatMap(({ connections }) => connections)
        .map(recordIdentity)
        .sort();

    expect(identities(plan(records, LOOKUPS).items)).toEqual(identities(plan(records, undefined).items));
  });

  it('uses what a record brings along as it is', () => {
    const own = { malicious_vendors: 0, total_vendors: 50 };
    const [looked] = plan([bare({ threat_intel: { virustotal: own } })], LOOKUPS).items.flatMap((item) =>
      readAddressItems([item]),
    );

    expect(looked?.assessment.input.threat_intel).toEqual({ virustotal: own });
    expect(Object.keys(looked?.assessment.lookups ?? {})).toEqual(['abuseipdb']);
  });

  it('stores under the same keys whatever was looked up', () => {
    const records = Array.from({ length: 2_000 }, (_, n) => bare({ id: `c${n}`, dst_port: n }));
    const keys = (lookups: LookUps | undefined) => {
      const { items, summary } = plan(records, lookups);
      return [...items, ...allItems(summary)].map(({ pk, sk }) => `${pk} ${sk}`);
    };

    expect(keys(LOOKUPS)).toEqual(keys(undefined));
    expect(keys({ virustotal: { outcome: 'no_quota' } })).toEqual(keys(undefined));
  });

  it('reads back what was scored, to be scored again', () => {
    const [item] = plan([bare()], LOOKUPS).items;
    const scorings = item === undefined ? [] : readScorings([item]);

    expect(scorings.map(({ input }) => options.assess(input).threat_score)).toEqual(
      scorings.map(({ assessment }) => assessment.threat_score),
    );
    expect(scorings[0]?.input.threat_intel?.abuseipdb).toEqual(LOOKUPS.abuseipdb?.intel);
  });

  it('counts addresses by what looking them up came to', () => {
    const records = [bare(), bare({ dst_ip: '9.9.9.9' }), bare({ dst_port: 1 })];
    const { statistics } = plan(records, { virustotal: { outcome: 'no_quota' } });

    expect(statistics.lookups).toEqual({ virustotal: { no_quota: 2 } });
  });

  it('is the same as without look-ups where there are none', () => {
    const message = queuedMessage({ body: jsonLines([bare(), bare({ dst_ip: '9.9.9.9' })]) });

    const { items, summary } = scoreUnit(readAlone(message, isLocal), options, () => undefined);
    const { items: others, summary: otherSummary } = scoreMessage(message, options);
    expect([items, summary]).toEqual([others, otherSummary]);
  });

  it('keeps the index entry of a summary within one write unit', async () => {
    const all = Object.fromEntries(
      ['found', 'unknown', 'late', 'no_quota', 'failed'].map((outcome) => [outcome, 12_345]),
    );
    const { first } = plan([bare()], LOOKUPS).summary;
    const { pk, sk, schema, time_bucket, ingested_at, expires_at, statistics } = first;
    const lookups = { virustotal: all, abuseipdb: all, listings: { found: 12_345 } };
    const entry = {
      pk,
      sk,
      schema,
      time_bucket,
      ingested_at,
      expires_at,
      times: timesText({ latency_ms: 123, stored_ms: 12_345 }),
      statistics: { ...statistics, lookups },
    };

    expect(itemBytes(await wireItem(entry))).toBeLessThan(1_024);
  });
});

const client = documentClient();
const dynamodb = mockClient(client);

describe('assessBatch with look-ups', () => {
  let providers: SimulatedProviders;
  const calls: ProviderCall[] = [];

  beforeEach(async () => {
    calls.length = 0;
    dynamodb.reset();
    dynamodb.onAnyCommand().resolves({});
    providers = await startSimulatedProviders({
      // Longer than the wait in tests with late answers.
      latencyMs: 100,
      intercept: (call) => {
        calls.push(call);
        return undefined;
      },
    });
  });

  afterEach(() => providers.close());

  async function assess(
    bodies: readonly string[],
    waitMs: number,
    service = lookUp({ baseUrl: providers.baseUrl, waitMs }),
  ): Promise<BatchOutcome> {
    const opened = await service.open();
    const startedAtMs = Date.now();
    const options: BatchOptions = {
      ...scoringOptions({ isLocal }),
      table: { client, tableName: 'assessments' },
      rejectedQueue: {
        client: new SQSClient({ region: 'eu-central-1' }),
        queueUrl: 'https://sqs.test/rejected',
      },
      lookUp: opened.lookUp,
      budget: new TimeBudget(startedAtMs, startedAtMs + 30_000),
    };
    // Each in a different minute, so that each is a unit.
    const messages = bodies.map((body, n) =>
      queuedMessage({ messageId: `message-${n}`, body, sentAtMs: SENT_AT_MS + n * 60_000 }),
    );
    return await assessBatch(messages, options);
  }

  function writes(): Record<string, unknown>[][] {
    return dynamodb
      .commandCalls(BatchWriteCommand)
      .map(({ args }) =>
        (args[0].input.RequestItems?.assessments ?? []).map(({ PutRequest }) => PutRequest?.Item ?? {}),
      );
  }

  const ONE = '203.0.113.1';
  const OTHER = '203.0.113.4';
  const BOUNDLESS_MS = 10_000;

  it('asks about each address once for a batch', async () => {
    const body = (id: string) => jsonLines([bare({ id, dst_ip: ONE }), bare({ id, dst_ip: OTHER })]);
    const { failures, lookUps } = await assess([body('a'), body('b'), body('a')], BOUNDLESS_MS);

    expect(failures.size).toBe(0);
    expect(calls.map(({ provider, address }) => `${provider} ${address}`).sort()).toEqual(
      [`abuseipdb ${ONE}`, `abuseipdb ${OTHER}`, `virustotal ${ONE}`, `virustotal ${OTHER}`].sort(),
    );
    expect(lookUps).toHaveLength(1);
  });

  it('looks up what only a later message of the batch lacks', async () => {
    const virustotal = { malicious_vendors: 0, total_vendors: 90 };
    const abuseipdb = { confidence_score: 0, total_reports: 0 };
    const bodies = [{ virustotal }, { virustotal, abuseipdb }, { abuseipdb }].map((threat_intel, n) =>
      jsonLines([bare({ id: `message ${n}`, dst_ip: ONE, threat_intel })]),
    );
    await assess(bodies, BOUNDLESS_MS);

    expect(calls.map(({ provider, address }) => `${provider} ${address}`).sort()).toEqual([
      `abuseipdb ${ONE}`,
      `virustotal ${ONE}`,
    ]);
    const sources = writes()
      .flat()
      .filter(({ pk }) => String(pk).startsWith('address#'))
      .flatMap((item) => readAddressItems([item as unknown as AddressItem]))
      .map(({ assessment }) => Object.keys(assessment.lookups ?? {}));
    // The shortest body comes first.
    expect(sources).toEqual([['virustotal'], ['abuseipdb'], []]);
  });

  const everything = {
    virustotal: { malicious_vendors: 0, total_vendors: 90 },
    abuseipdb: { confidence_score: 0, total_reports: 0 },
    listings: [],
  };

  it.each<[string, object]>([
    ['brings everything along', { threat_intel: everything }],
    ['is internal', { local_resp: true }],
  ])('leaves a message that %s alone, whatever its neighbour looks up', async (_, fields) => {
    const alone = jsonLines([bare({ id: 'alone', dst_ip: ONE, ...fields })]);
    const bodies = [jsonLines([bare({ id: 'asking', dst_ip: ONE })]), alone];
    for (const batch of [bodies, bodies.toReversed()]) {
      dynamodb.resetHistory();
      const { statistics } = await assess(batch, BOUNDLESS_MS);

      const [items = [], summaries = [], ...further] = writes();
      expect(further).toEqual([]);
      expect([items.length, summaries.length]).toEqual([2, 2]);
      expect(statistics.lookups).toEqual({ virustotal: { found: 1 }, abuseipdb: { found: 1 } });
      const read = items.flatMap((item) => readAddressItems([item as unknown as AddressItem]));
      const withLookups = read.filter(({ assessment }) => assessment.lookups !== undefined);
      expect(withLookups.map(({ connections }) => connections[0]?.id)).toEqual(['asking']);
    }
  });

  it('asks first about the address of which no message of the batch knows anything', async () => {
    const service = lookUp({ baseUrl: providers.baseUrl, waitMs: BOUNDLESS_MS, callsPerMinute: 1 });
    const bodies = [
      bare({ id: 'a', dst_ip: ONE }),
      bare({ id: 'b', dst_ip: ONE, threat_intel: everything }),
      bare({ id: 'c', dst_ip: OTHER }),
    ].map((record) => jsonLines([record]));
    await assess(bodies, BOUNDLESS_MS, service);

    expect(calls.map(({ address }) => address)).toEqual([OTHER, OTHER]);
  });

  it('plans what memory knows at once, and waits for the table with the rest only', async () => {
    const service = lookUp({ baseUrl: providers.baseUrl, waitMs: BOUNDLESS_MS });
    await assess([jsonLines([bare({ id: 'a', dst_ip: ONE })])], BOUNDLESS_MS, service);
    const bodies = [OTHER, ONE].map((dst_ip) => jsonLines([bare({ id: 'b', dst_ip })]));
    const { latencies } = await assess(bodies, BOUNDLESS_MS, service);

    const [asked, known] = latencies;
    expect(known?.milliseconds).toBeLessThan(asked?.milliseconds ?? 0);
    expect(calls).toHaveLength(4);
  });

  it('stores verdicts with the answers that came in time, once', async () => {
    const { statistics } = await assess([jsonLines([bare({ dst_ip: ONE })])], BOUNDLESS_MS);

    const items = writes().flat();
    expect(items).toHaveLength(2);
    expect(statistics.lookups).toEqual({ virustotal: { found: 1 }, abuseipdb: { found: 1 } });
    expect(readAddressItems([items[0] as unknown as AddressItem])[0]?.assessment.evidence).toEqual([
      'virustotal',
      'abuseipdb',
    ]);
  });

  it('stores verdicts without the answers that are late, and again under the same keys when they are there', async () => {
    const bodies = [jsonLines([bare({ dst_ip: ONE })]), jsonLines([bare({ dst_ip: '10.1.1.1' })])];
    const { statistics, latencies } = await assess(bodies, 0);

    const [items, summaries, itemsAgain, summariesAgain] = writes();
    const keys = (list: readonly Record<string, unknown>[] = []) => list.map(({ pk, sk }) => `${pk} ${sk}`);
    const evidence = (list: readonly Record<string, unknown>[] = []) =>
      list.map((item) => readAddressItems([item as unknown as AddressItem])[0]?.assessment.evidence);
    expect(evidence(items)).toEqual([[], []]);
    expect(evidence(itemsAgain)).toEqual([['virustotal', 'abuseipdb']]);
    expect(keys(itemsAgain)).toEqual(keys(items?.filter(({ pk }) => String(pk).includes(ONE))));
    const before = summaries?.find(({ pk }) => pk === summariesAgain?.[0]?.pk);
    expect(keys(summariesAgain)).toEqual(keys(before && [before]));
    const [latency] = String(before?.times).split(' ');
    expect(String(summariesAgain?.[0]?.times).split(' ')[0]).toBe(latency);
    expect(statistics).toMatchObject({ records: 2, stored: 2, assessments: 2, without_evidence: 1 });
    expect(statistics.lookups).toEqual({ virustotal: { found: 1 }, abuseipdb: { found: 1 } });
    expect(latencies).toHaveLength(2);
  });

  it('hands a message back whose better verdicts cannot be stored', async () => {
    let requests = 0;
    dynamodb.on(BatchWriteCommand).callsFake(() => {
      if (++requests > 2) throw Object.assign(new Error('no'), { name: 'ResourceNotFoundException' });
      return {};
    });
    const { failures, statistics } = await assess([jsonLines([bare({ dst_ip: ONE })])], 0);

    expect([...failures.keys()]).toEqual(['message-0']);
    expect(statistics.records).toBe(0);
  });
});
