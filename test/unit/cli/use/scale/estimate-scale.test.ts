import { describe, expect, it } from 'vitest';
import type { Traffic } from '../../../../../lib/cli/results/scale.ts';
import { addressesPerDay, estimateScale } from '../../../../../lib/cli/use/scale/estimate-scale.ts';
import { recordCosts, type Service } from '../../../../../lib/cli/use/scale/traffic.ts';

const SERVICE: Service = {
  batchSize: 5,
  batchingWindowSeconds: 5,
  visibilityTimeoutSeconds: 180,
  maxReceiveCount: 5,
  addressShards: 4,
  timeShards: 8,
};

const COSTS = {
  recordsPerMessage: 500,
  bytesPerMessage: 190_000,
  recordsPerSecond: 10_000,
  writeUnits: 0.1,
  rowWriteUnits: 0.03,
  usdPerMillion: 0.1,
};

function traffic(changes: Partial<Traffic> = {}): Traffic {
  return {
    rate: 10_000,
    addressShare: 0.04,
    hotShare: 0.2,
    isSingle: false,
    newAddressesPerDay: 400,
    ...changes,
  };
}

function demandsOf(changes: Partial<Traffic>, service = SERVICE, costs = COSTS) {
  const { demands } = estimateScale(traffic(changes), service, costs);
  return new Map(demands.map(({ name, unit, value }) => [`${name}, ${unit}`, value]));
}

function adviceOf(changes: Partial<Traffic>, service = SERVICE, costs = COSTS): string {
  return estimateScale(traffic(changes), service, costs).advice.join('\n');
}

describe('estimateScale', () => {
  it('adds up', () => {
    const demands = demandsOf({});

    expect(demands.get('messages, a second')).toBe(20);
    expect(demands.get('concurrent executions, on average')).toBe(1);
    expect(demands.get('executions to allow, at most')).toBe(2);
    // 20 messages per second for the quarter of a second that 2,500 records take, and the messages that two executions
    // hold.
    expect(demands.get('messages in flight, while healthy')).toBe(20 * 0.25 + 2 * 5);
    // Ten messages fit into a quarter of a second of two executions: 40 a second, hidden for 180 s.
    expect(demands.get('messages in flight, if every message fails')).toBe(40 * 180);
    expect(demands.get('table and index, write units per second')).toBe(1_000);
    expect(demands.get("partition of today's summaries (one of 8), write units per second")).toBe(2.5);
    expect(demands.get('reads of the settings, a second')).toBeCloseTo(2 / 33);
    expect(demands.get('look-ups at VirusTotal, per minute on average')).toBeCloseTo(400 / 1_440);
    expect(demands.get('cost, US dollars per month')).toBeCloseTo(0.1 * 0.01 * 730 * 3600);
  });

  it('counts the rows and items of the busiest address on each of its partitions', () => {
    const items = 2_000 / 500 + 10_000 / 60_000;

    expect(
      demandsOf({}).get('partition of the busiest address (one of 4), write units per second'),
    ).toBeCloseTo((2_000 * 0.03 + items * 0.5) / 4);
    const single = demandsOf({ isSingle: true }, SERVICE, {
      ...COSTS,
      recordsPerMessage: 1,
      rowWriteUnits: 2,
    });
    // 10,000 messages per second, five per invocation: all of the address's messages would be in different items.
    expect(single.get('partition of the busiest address (one of 4), write units per second')).toBe(
      (2_000 * 2 + 2_000 * 0.5) / 4,
    );
    const wide = demandsOf(
      { isSingle: true },
      { ...SERVICE, batchSize: 1_000 },
      {
        ...COSTS,
        recordsPerMessage: 1,
        bytesPerMessage: 1_500,
        rowWriteUnits: 2,
      },
    );
    expect(wide.get('partition of the busiest address (one of 4), write units per second')).toBe(
      (2_000 * 2 + 10 * 0.5) / 4,
    );
    expect(wide.get("partition of today's summaries (one of 8), write units per second")).toBe(10 / 8);
  });

  it('halves the heat with twice the partitions', () => {
    const heat = (addressShards: number) =>
      demandsOf({}, { ...SERVICE, addressShards }).get(
        `partition of the busiest address (one of ${addressShards}), write units per second`,
      );

    expect(heat(8)).toBeCloseTo((heat(4) ?? 0) / 2);
  });

  it('allows as many executions as it takes to receive what is sent singly', () => {
    const costs = { ...COSTS, recordsPerMessage: 1, bytesPerMessage: 1_500, recordsPerSecond: 10_000 };

    expect(adviceOf({ isSingle: true, rate: 20_000 }, SERVICE, costs)).toMatch(/maximumConcurrency to 20 /);
  });

  it('has no more than the concurrency to advise where all is well', () => {
    expect(adviceOf({ rate: 1_000 })).toBe('set maximumConcurrency to 2 or more');
  });

  it.each<[string, Partial<Traffic>, RegExp]>([
    ['a new table is too small', { rate: 50_000 }, /warm the table up to 8,000 write units/],
    ['the table quota is too small', { rate: 400_000 }, /ask for a table quota of 60,000 write units/],
    ['one address is too hot', { rate: 1_000_000, hotShare: 0.9 }, /spread an address over 28 partitions/],
    ['summaries are too many', { rate: 5_000_000 }, /spread a day's summaries over 10 partitions/],
    ['the queue can have too many in flight', { rate: 300_000 }, /stops handing out messages at 120,000/],
    ['the account allows too few executions', { rate: 10_000_000 }, /ask for 1,500 concurrent executions/],
    ['settings are read too often', { rate: 10_000_000 }, /SETTINGS_MAX_AGE_SECONDS/],
    ['it takes minutes to start', { rate: 3_000_000 }, /expect 2 minutes until all of them run/],
    ['nothing is packed', { isSingle: true }, /pack records into messages/],
    ['nothing is sent in tens', { isSingle: true }, /one request each adds/],
    ['quotas are short', { newAddressesPerDay: 10_000 }, /look-ups cover 5\.0 % of a day's new addresses/],
  ])('says what to do where %s', (_, changes, advice) => {
    expect(adviceOf({ rate: 1_000 })).not.toMatch(advice);
    expect(adviceOf(changes)).toMatch(advice);
  });
});

describe('recordCosts', () => {
  it('lies between what was measured', () => {
    const at = (addressShare: number) => recordCosts(traffic({ addressShare })).writeUnits;

    expect(at(0.07)).toBeCloseTo((at(0.04) + at(0.1)) / 2);
    expect(at(0.001)).toBe(at(0.01));
    const shares = [0.01, 0.02, 0.04, 0.05, 0.1, 0.2, 0.3, 0.6, 1].map(at);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  it('falls with the rate where nothing is packed, and stays within what was measured', () => {
    const at = (rate: number) => recordCosts(traffic({ isSingle: true, rate }));

    const prices = [1, 10, 30, 100, 500, 1_000, 5_000, 10_000, 50_000].map((rate) => at(rate).usdPerMillion);
    expect(prices).toEqual(prices.toSorted((a, b) => b - a));
    expect(at(1)).toEqual(at(10));
    expect(at(50_000)).toEqual(at(10_000));
    const [lower, between, upper] = [100, Math.sqrt(100 * 1_000), 1_000].map((rate) => at(rate).writeUnits);
    expect(between).toBeCloseTo(((lower ?? 0) + (upper ?? 0)) / 2);
  });

  it('is much more where nothing is packed', () => {
    const [packed, single] = [false, true].map(
      (isSingle) => recordCosts(traffic({ isSingle })).usdPerMillion,
    );

    expect((single ?? 0) / (packed ?? 1)).toBeGreaterThan(3);
  });
});

describe('addressesPerDay', () => {
  it('grows with the rate as far as there are addresses', () => {
    expect(addressesPerDay(10, 0.04)).toBeCloseTo(34_560);
    expect(addressesPerDay(1e6, 1)).toBe(1e8);
  });
});
