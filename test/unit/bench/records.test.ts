import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../../lib/records/connection-record.ts';
import { smallestRecords, type TrafficOptions, traffic } from '../../bench/records.ts';

const OPTIONS: TrafficOptions = { records: 2_000, addresses: 200 };

function records(options = OPTIONS) {
  return [...traffic(options)];
}

describe('traffic', () => {
  it('is the same for the same options, and another for another seed', () => {
    expect(records()).toEqual(records());
    expect(records({ ...OPTIONS, seed: 2 })).not.toEqual(records());
  });

  it.each([1, 7, 200, 2_000])('has %i distinct remote addresses', (addresses) => {
    const groups = records({ ...OPTIONS, addresses }).map(({ group }) => group);

    expect(new Set(groups).size).toBe(addresses);
  });

  it('consists of valid, distinct records', () => {
    const parsed = records().map(({ text }) => parseRecord(JSON.parse(text)));

    expect(parsed.filter(({ ok }) => !ok)).toEqual([]);
    expect(new Set(records().map(({ text }) => text)).size).toBe(OPTIONS.records);
  });

  it('meets few addresses often', () => {
    const counts = Map.groupBy(records(), ({ group }) => group);
    const [most = 0] = [...counts.values()].map((group) => group.length).sort((a, b) => b - a);

    expect(most).toBeGreaterThan(10 * (OPTIONS.records / OPTIONS.addresses));
  });

  it('has threat intelligence and inbound connections for the shares of addresses asked for', () => {
    const options = { records: 4_000, addresses: 4_000, intelShare: 0.5, inboundShare: 0.25 };
    const texts = [...traffic(options)].map(({ text }) => text);
    const shareOf = (part: string) => texts.filter((text) => text.includes(part)).length / texts.length;

    expect(shareOf('"threat_intel"')).toBeCloseTo(0.5, 1);
    expect(shareOf('"local_resp":true')).toBeCloseTo(0.25, 1);
  });

  it.each([0, 2_001])('refuses %i addresses for 2,000 records', (addresses) => {
    expect(() => records({ ...OPTIONS, addresses })).toThrow(RangeError);
  });
});

describe('smallestRecords', () => {
  it('are valid and have an address each', () => {
    const small = [...smallestRecords(300)];

    expect(small.every(({ text }) => parseRecord(JSON.parse(text)).ok)).toBe(true);
    expect(new Set(small.map(({ group }) => group)).size).toBe(300);
  });
});
