import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Activity } from '../../../lib/consensus/activity.ts';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import { BASE_RATE } from '../../../lib/consensus/probability.ts';
import { SCORERS } from '../../../lib/consensus/scorers/scorers.ts';
import type { ScoringInput, ThreatIntel } from '../../../lib/consensus/scoring-input.ts';

const { assess } = createConsensus();

const QUIET: Activity = { connections: 1, hosts: 1, services: 1, answered: 0, knocks: 0, doors: 0 };

/** Absent if the unit cannot distinguish answers from silence. */
const UNTOLD = { answered: undefined, knocks: undefined, doors: undefined } as unknown as Partial<Activity>;

function inbound(activity: Partial<Activity>, more: Partial<ScoringInput> = {}): ScoringInput {
  return {
    address: '198.51.100.9',
    dst_port: 23,
    protocol: 'tcp',
    direction: 'inbound',
    activity: { ...QUIET, ...activity },
    ...more,
  };
}

function outbound(activity: Partial<Activity>, dst_port = 443): ScoringInput {
  return inbound(activity, { direction: 'outbound', dst_port });
}

function scoreOf(input: ScoringInput): number {
  const verdict = assess(input);
  if (verdict.method === 'failed') throw new TypeError(verdict.reason);
  return verdict.consensus_score;
}

const count = fc.integer({ min: 0, max: 1_000_000 });
const port = fc.integer({ min: 0, max: 65_535 });
const anyKnocking = fc.record({
  knocks: count,
  doors: count,
  answered: count,
  hosts: count,
  services: count,
});

describe('activity', () => {
  it.each<[string, Partial<Activity>, number, number]>([
    ['a lone knock', { knocks: 1, doors: 1 }, BASE_RATE, 0.6],
    ['three knocks at one door', { connections: 3, knocks: 3, doors: 1 }, 0.7, 0.85],
    ['hundreds of closed ports', { connections: 500, services: 500, knocks: 500, doors: 500 }, 0.8, 0.85],
    [
      'dozens of services, where nobody knows who was answered',
      { ...UNTOLD, connections: 50, services: 50 },
      0.8,
      0.85,
    ],
    [
      'a few services, where nobody knows who was answered',
      { ...UNTOLD, connections: 50, services: 3 },
      0,
      BASE_RATE + 0.03,
    ],
    ['a served visitor', { connections: 20, answered: 20 }, BASE_RATE / 2, BASE_RATE + 0.03],
    [
      'a served visitor who lost packets',
      { connections: 20, answered: 10, knocks: 2, doors: 1 },
      0,
      BASE_RATE + 0.03,
    ],
    ['hundreds of guesses', { connections: 200, answered: 200, guesses: 200 }, 0.85, 1],
  ])('of %s scores within its range', (_, activity, lowest, highest) => {
    const score = scoreOf(inbound(activity));

    expect(score).toBeGreaterThan(lowest);
    expect(score).toBeLessThan(highest);
  });

  const BEACON = { connections: 50, answered: 50, interval_seconds: 50, is_brief: true, companions: 0 };
  it.each<[string, Partial<Activity>, number, number, number]>([
    ['a beacon on an odd port', { ...BEACON, jitter_percent: 10, size_jitter_percent: 1 }, 4444, 0.75, 1],
    [
      'a beacon on a port of the web',
      { ...BEACON, jitter_percent: 10, size_jitter_percent: 1 },
      443,
      0.7,
      0.9,
    ],
    ['regular calls that differ', { ...BEACON, jitter_percent: 1, size_jitter_percent: 50 }, 443, 0, 0.6],
    [
      'a monitor of many sites',
      { ...BEACON, jitter_percent: 0, size_jitter_percent: 0, companions: 10 },
      443,
      0,
      0.1,
    ],
    [
      'a beacon whose master is away most of the time',
      { ...BEACON, answered: 20, knocks: 100, connections: 100, jitter_percent: 5, size_jitter_percent: 1 },
      4444,
      0.75,
      1,
    ],
    ['a time server', { ...BEACON, jitter_percent: 0, size_jitter_percent: 0 }, 123, 0, 0.1],
    [
      'a held connection',
      { ...BEACON, jitter_percent: 0, size_jitter_percent: 0, is_brief: false },
      443,
      0,
      0.1,
    ],
    ['a mail box', { ...BEACON, jitter_percent: 0, size_jitter_percent: 0 }, 993, 0, 0.1],
    ['a telephone that registers', { ...BEACON, jitter_percent: 0, size_jitter_percent: 0 }, 5060, 0, 0.1],
    [
      'a directory that is synchronised',
      { ...BEACON, jitter_percent: 0, size_jitter_percent: 0 },
      636,
      0,
      0.1,
    ],
    ['source code that is looked for', { ...BEACON, jitter_percent: 0, size_jitter_percent: 0 }, 22, 0, 0.1],
    ['a monitoring agent', { ...BEACON, jitter_percent: 0, size_jitter_percent: 0 }, 10_051, 0, 0.1],
    ['retries', { connections: 500, knocks: 500, doors: 1, answered: 0 }, 1177, 0.3, 0.6],
  ])('of %s scores within its range', (_, activity, dstPort, lowest, highest) => {
    const score = scoreOf(outbound(activity, dstPort));

    expect(score).toBeGreaterThanOrEqual(lowest);
    expect(score).toBeLessThanOrEqual(highest);
  });

  it('of pings says nothing, however regular they are', () => {
    const pings = outbound({ ...BEACON, jitter_percent: 0, size_jitter_percent: 0 }, 0);

    expect(scoreOf({ ...pings, protocol: 'icmp' })).toBeLessThan(0.1);
  });

  it('never lowers the score of a beacon by more calls that nobody answered', () => {
    const beacon = { ...BEACON, jitter_percent: 10, size_jitter_percent: 5 };
    const silence = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(silence, silence, (knocks, more) => {
        const of = (silent: number) =>
          scoreOf(outbound({ ...beacon, knocks: silent, connections: 50 + silent }, 8443));
        expect(of(knocks + more)).toBeGreaterThanOrEqual(of(knocks));
      }),
    );
  });

  it('of unanswered inbound connections alone leaves every vote below 0.85', () => {
    fc.assert(
      fc.property(anyKnocking, port, (activity, dst_port) => {
        for (const scorer of SCORERS)
          expect(scorer.score(inbound(activity, { dst_port })).score).toBeLessThan(0.85);
      }),
    );
  });

  it('of retries alone leaves every vote at 0.6 or below', () => {
    fc.assert(
      fc.property(count, port, (knocks, dst_port) => {
        const input = outbound({ knocks, doors: 1, answered: 0 }, dst_port);
        for (const scorer of SCORERS) expect(scorer.score(input).score).toBeLessThanOrEqual(0.6);
      }),
    );
  });

  it('of an address that the site talks with says nothing, as what comes from there can be forged', () => {
    fc.assert(
      fc.property(anyKnocking, (activity) => {
        expect(scoreOf(inbound({ ...activity, is_partner: true }))).toBe(scoreOf(inbound({})));
      }),
    );
  });

  it('never lowers a score by more knocks, doors or guesses', () => {
    const more = fc.record({ knocks: count, doors: count, guesses: count });
    fc.assert(
      fc.property(anyKnocking, count, more, (activity, guesses, added) => {
        const before = { ...activity, guesses };
        const after = {
          ...before,
          knocks: activity.knocks + added.knocks,
          doors: activity.doors + added.doors,
          guesses: guesses + added.guesses,
        };
        for (const scorer of SCORERS) {
          expect(scorer.score(inbound(after)).score).toBeGreaterThanOrEqual(
            scorer.score(inbound(before)).score,
          );
        }
      }),
    );
  });

  it('adds to what intelligence says', () => {
    const threat_intel: ThreatIntel = {
      abuseipdb: { confidence_score: 60, total_reports: 6, num_distinct_users: 3 },
    };
    const both = scoreOf(inbound({ knocks: 3, doors: 1 }, { threat_intel }));

    expect(both).toBeGreaterThan(scoreOf(inbound({ knocks: 3, doors: 1 })));
    expect(both).toBeGreaterThan(scoreOf(inbound({}, { threat_intel })));
  });

  it('is named as evidence where it speaks against the address, and has little confidence alone', () => {
    const one = assess(inbound({ knocks: 1, doors: 1 }));
    const many = assess(inbound({ knocks: 100, doors: 100 }));

    expect(one).toMatchObject({ evidence: ['activity'] });
    expect(assess(inbound({})).evidence).toEqual([]);
    if (one.method === 'failed' || many.method === 'failed') throw new TypeError('no consensus');
    expect(one.confidence).toBeLessThan(0.15);
    expect(many.confidence).toBeGreaterThan(one.confidence);
  });

  it('brings no vote down, whatever figures it has', () => {
    const figure = fc.oneof(fc.double(), fc.integer(), fc.constant(undefined));
    const odd = fc.record({
      connections: figure,
      hosts: figure,
      services: figure,
      answered: figure,
      knocks: figure,
      doors: figure,
      guesses: figure,
      interval_seconds: figure,
      jitter_percent: figure,
      size_jitter_percent: figure,
      companions: figure,
      is_brief: fc.boolean(),
    });
    fc.assert(
      fc.property(odd, fc.constantFrom('inbound', 'outbound'), (activity, direction) => {
        const verdict = assess(inbound(activity as Partial<Activity>, { direction }));
        expect(verdict.failures).toEqual({});
      }),
    );
  });
});
