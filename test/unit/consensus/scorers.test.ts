import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import { SCORERS } from '../../../lib/consensus/scorers/scorers.ts';
import type { ScoringInput } from '../../../lib/consensus/scoring-input.ts';
import {
  ADDRESS,
  abuseIpdbIntel,
  blocklistIntel,
  listing,
  listings,
  reportAges,
  reports,
  scoringInputs,
  vendors,
  virusTotalIntel,
  withIntel,
} from './scoring-inputs.ts';

const consensus = createConsensus();

/** The scorers, and their consensus as one more. */
const VOTERS: ReadonlyArray<{ name: string; scoreOf: (input: ScoringInput) => number }> = [
  ...SCORERS.map((scorer) => ({
    name: scorer.name,
    scoreOf: (input: ScoringInput) => scorer.score(input).score,
  })),
  {
    name: 'consensus',
    scoreOf: (input) => {
      const verdict = consensus.assess(input);
      return verdict.method === 'failed' ? Number.NaN : verdict.consensus_score;
    },
  },
];

describe.each(SCORERS)('$name', (scorer) => {
  it('gives a valid, compact vote for any input', () => {
    fc.assert(
      fc.property(scoringInputs, (input) => {
        const { score, confidence, reasoning, features } = scorer.score(input);
        for (const share of [score, confidence]) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
          expect(share).toBe(Math.round(share * 10_000) / 10_000);
        }
        expect(reasoning.length).toBeLessThanOrEqual(320);
        for (const value of Object.values(features)) {
          expect(Number.isFinite(value)).toBe(true);
          expect(value).not.toBe(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each<{ name: string; input: ScoringInput }>([
    { name: 'no vendors', input: withIntel({ virustotal: vendors(0, 0) }) },
    { name: 'more flags than vendors', input: withIntel({ virustotal: vendors(200, 94, 50) }) },
    { name: 'a billion vendors', input: withIntel({ virustotal: vendors(1e9, 1e9) }) },
    { name: 'a billion reports', input: withIntel({ abuseipdb: reports(100, 1e9, 1e9) }) },
    { name: 'more users than reports', input: withIntel({ abuseipdb: reports(100, 1, 900) }) },
    { name: 'age 0', input: withIntel({ abuseipdb: reports(50, 5, 2) }, { report_age_days: 0 }) },
    { name: 'age 10,000', input: withIntel({ abuseipdb: reports(50, 5, 2) }, { report_age_days: 10_000 }) },
    { name: 'not numbers', input: withIntel({ abuseipdb: reports(Number.NaN, Infinity, -1) }) },
    { name: 'a negative age', input: withIntel({ abuseipdb: reports(50, 5, 2) }, { report_age_days: -3 }) },
    { name: 'not a port', input: { address: ADDRESS, dst_port: 70_000 } },
    {
      name: 'null fields',
      input: { address: ADDRESS, dst_port: null, threat_intel: null } as unknown as ScoringInput,
    },
  ])('bears $name', ({ input }) => {
    const { score, confidence } = scorer.score(input);

    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(1);
    expect(confidence).toBeGreaterThanOrEqual(0);
    expect(confidence).toBeLessThanOrEqual(1);
  });

  it('says little about a bare address, and that in a short sentence', () => {
    const vote = scorer.score({ address: ADDRESS });

    expect(vote.confidence).toBeLessThan(0.2);
    expect(vote.reasoning.length).toBeLessThanOrEqual(120);
  });

  it('sees a port as its class only', () => {
    const bodies = new Set<string>();
    for (let port = 1; port <= 900; port++)
      bodies.add(JSON.stringify(scorer.score({ address: ADDRESS, dst_port: port })));

    expect(bodies.size).toBeLessThanOrEqual(7);
  });

  it('is moved a little by the connection and not at all by the country', () => {
    fc.assert(
      fc.property(scoringInputs, (input) => {
        const bare: ScoringInput = {
          address: input.address,
          ...(input.threat_intel && { threat_intel: input.threat_intel }),
          ...(input.report_age_days !== undefined && { report_age_days: input.report_age_days }),
        };
        const expected = scorer.score(bare).score;
        for (const part of ['dst_port', 'protocol', 'direction'] as const) {
          const { score } = scorer.score({ ...bare, [part]: input[part] });
          expect(Math.abs(score - expected)).toBeLessThanOrEqual(0.05);
        }
        for (const trait of [{ usage_type: 'Data Center/Web Hosting/Transit' }, { is_tor: true }]) {
          const plain = reports(30, 3, 2);
          const without = scorer.score({ ...bare, threat_intel: { ...bare.threat_intel, abuseipdb: plain } });
          const abuseipdb = { ...plain, ...trait };
          const { score } = scorer.score({ ...bare, threat_intel: { ...bare.threat_intel, abuseipdb } });
          expect(score).toBeGreaterThanOrEqual(without.score);
          expect(score - without.score).toBeLessThanOrEqual(0.05);
        }
        expect(scorer.score({ ...bare, geo_data: { country_code: 'CN' } })).toEqual(scorer.score(bare));
      }),
    );
  });
});

describe.each(VOTERS)('$name never finds less in more evidence', ({ scoreOf }) => {
  /** Asserts that the second of each pair scores at least as high as the first. */
  function assertRises<T>(
    cases: fc.Arbitrary<T>,
    pair: (value: T, base: ScoringInput) => [ScoringInput, ScoringInput],
  ): void {
    fc.assert(
      fc.property(cases, scoringInputs, (value, base) => {
        const [less, more] = pair(value, base);
        expect(scoreOf(more)).toBeGreaterThanOrEqual(scoreOf(less));
      }),
      { numRuns: 300 },
    );
  }

  function replaceIntel(base: ScoringInput, intel: NonNullable<ScoringInput['threat_intel']>): ScoringInput {
    return { ...base, threat_intel: { ...base.threat_intel, ...intel } };
  }

  it('as vendors turn malicious', () => {
    assertRises(fc.tuple(virusTotalIntel, fc.integer({ min: 1, max: 5 })), ([intel, step], base) => {
      const room = intel.total_vendors - intel.malicious_vendors - (intel.suspicious_vendors ?? 0);
      const malicious = intel.malicious_vendors + Math.min(step, room);
      const more = { ...intel, malicious_vendors: malicious };
      return [replaceIntel(base, { virustotal: intel }), replaceIntel(base, { virustotal: more })];
    });
  });

  it('as suspicious verdicts turn malicious', () => {
    assertRises(virusTotalIntel, (intel, base) => {
      const suspicious = intel.suspicious_vendors ?? 0;
      const moved = Math.min(1, suspicious);
      const more = {
        ...intel,
        malicious_vendors: intel.malicious_vendors + moved,
        suspicious_vendors: suspicious - moved,
      };
      return [replaceIntel(base, { virustotal: intel }), replaceIntel(base, { virustotal: more })];
    });
  });

  it('as abuse confidence grows', () => {
    assertRises(fc.tuple(abuseIpdbIntel, fc.nat(100)), ([intel, confidence], base) => {
      const [low, high] = [intel.confidence_score, confidence].sort((a, b) => a - b) as [number, number];
      return [
        replaceIntel(base, { abuseipdb: { ...intel, confidence_score: low } }),
        replaceIntel(base, { abuseipdb: { ...intel, confidence_score: high } }),
      ];
    });
  });

  it('as reports grow', () => {
    assertRises(fc.tuple(abuseIpdbIntel, fc.nat(1_000)), ([intel, step], base) => [
      replaceIntel(base, { abuseipdb: intel }),
      replaceIntel(base, { abuseipdb: { ...intel, total_reports: intel.total_reports + step } }),
    ]);
  });

  it('as distinct users grow', () => {
    assertRises(fc.tuple(abuseIpdbIntel, fc.nat(100), fc.nat(100)), ([intel, users, step], base) => [
      replaceIntel(base, { abuseipdb: { ...intel, num_distinct_users: users } }),
      replaceIntel(base, { abuseipdb: { ...intel, num_distinct_users: users + step } }),
    ]);
  });

  it('as the last report comes nearer', () => {
    assertRises(fc.tuple(abuseIpdbIntel, reportAges, reportAges), ([intel, a, b], base) => {
      const input = replaceIntel(base, { abuseipdb: intel });
      return [
        { ...input, report_age_days: Math.max(a, b) },
        { ...input, report_age_days: Math.min(a, b) },
      ];
    });
  });

  it('as blocklists take it up', () => {
    assertRises(blocklistIntel, (intel, base) => {
      const lists = Math.min(intel.total_lists, intel.lists + 1);
      return [
        replaceIntel(base, { blocklist: intel }),
        replaceIntel(base, { blocklist: { ...intel, lists } }),
      ];
    });
  });

  it('as another list incriminates it', () => {
    const incriminating = listing.filter(({ kind }) => kind === 'malicious' || kind === 'suspicious');
    assertRises(fc.tuple(listings, incriminating, fc.nat(6)), ([known, one, place], base) => [
      replaceIntel(base, { listings: known }),
      replaceIntel(base, { listings: known.toSpliced(place, 0, one) }),
    ]);
  });

  it('as a list gets heavier', () => {
    assertRises(
      fc.tuple(listings, listing, fc.double({ min: 1, max: 10, noNaN: true })),
      ([known, one, times], base) => [
        replaceIntel(base, { listings: [one, ...known] }),
        replaceIntel(base, { listings: [{ ...one, weight: one.weight * times }, ...known] }),
      ],
    );
  });

  it('as whitelisting is lifted', () => {
    assertRises(abuseIpdbIntel, (intel, base) => [
      replaceIntel(base, { abuseipdb: { ...intel, is_whitelisted: true } }),
      replaceIntel(base, { abuseipdb: { ...intel, is_whitelisted: false } }),
    ]);
  });
});
