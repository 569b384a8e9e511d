import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import type { Listing, ListKind } from '../../../lib/consensus/listing.ts';
import { readListings } from '../../../lib/consensus/listing-evidence.ts';
import { BASE_RATE } from '../../../lib/consensus/probability.ts';
import type { ScoringInput, ThreatIntel } from '../../../lib/consensus/scoring-input.ts';
import type { ConsensusVerdict } from '../../../lib/consensus/verdict.ts';
import { SCORER_NAMES } from '../../../lib/consensus/vote.ts';
import {
  ADDRESS,
  blocklistIntel,
  listings,
  reports,
  scoringInputs,
  vendors,
  withIntel,
} from './scoring-inputs.ts';

const consensus = createConsensus();

function assess(input: ScoringInput): ConsensusVerdict {
  const verdict = consensus.assess(input);
  if (verdict.method === 'failed') throw new Error(verdict.reason);
  return verdict;
}

function on(source: string, weight: number, rest: Partial<Listing> = {}): Listing {
  return { source, kind: 'malicious', weight, ...rest };
}

const GOOD: Listing = { source: 'Public resolvers', kind: 'known-good', weight: 1 };
const CLOUD: Listing = { source: 'A cloud', kind: 'infrastructure', weight: 1 };

/** Endpoints of every port class, direction and protocol, without any intelligence. */
const endpoints: fc.Arbitrary<ScoringInput> = fc.record({
  address: fc.constant(ADDRESS),
  dst_port: fc.constantFrom(0, 22, 25, 53, 80, 139, 443, 800, 5432, 40_000),
  protocol: fc.constantFrom('tcp', 'udp', 'icmp'),
  direction: fc.constantFrom('outbound', 'inbound', 'internal', 'external'),
});

const knocking: fc.Arbitrary<NonNullable<ScoringInput['activity']>> = fc
  .record({ knocks: fc.nat(10_000), hosts: fc.integer({ min: 1, max: 500 }), answered: fc.nat(3) })
  .map(({ knocks, hosts, answered }) => ({
    connections: knocks + answered + 1,
    hosts,
    services: knocks + 1,
    answered,
    knocks,
    doors: knocks,
  }));

describe('one list alone', () => {
  it('makes 0.7 or more where it is good, and the scorers agree', () => {
    fc.assert(
      fc.property(endpoints, fc.double({ min: 50, max: 1_000, noNaN: true }), (endpoint, weight) => {
        const verdict = assess({ ...endpoint, threat_intel: { listings: [on('Spamhaus DROP', weight)] } });

        expect(verdict.consensus_score).toBeGreaterThanOrEqual(0.7);
        expect(verdict.consensus_score).toBeLessThan(0.95);
        expect(verdict.high_uncertainty).toBe(false);
        expect(verdict.evidence).toEqual(['listings']);
      }),
      { numRuns: 500 },
    );
  });

  it('makes 0.3 to 0.6 where it is weak, and the scorers agree', () => {
    fc.assert(
      fc.property(endpoints, fc.double({ min: 8, max: 18, noNaN: true }), (endpoint, weight) => {
        const verdict = assess({
          ...endpoint,
          threat_intel: { listings: [on('a weak list', weight, { kind: 'suspicious' })] },
        });

        expect(verdict.consensus_score).toBeGreaterThanOrEqual(0.3);
        expect(verdict.consensus_score).toBeLessThanOrEqual(0.6);
        expect(verdict.high_uncertainty).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('makes what a record says that counts a single blocklist a weak one, however many do not name it', () => {
    const scores = [1, 2, 25, 1_000].map(
      (total_lists) => assess(withIntel({ blocklist: { lists: 1, total_lists } })).consensus_score,
    );

    expect(new Set(scores).size).toBe(1);
    expect(scores[0]).toBeGreaterThanOrEqual(0.3);
    expect(scores[0]).toBeLessThanOrEqual(0.6);
  });

  it('leaves the scorers at one up to four weak lists that do not copy from each other', () => {
    for (let count = 1; count <= 4; count++) {
      const weak = Array.from({ length: count }, (_, n) => on(`list ${n}`, 12));

      expect(assess(withIntel({ listings: weak })).high_uncertainty).toBe(false);
    }
  });
});

describe('a list that does not name an address', () => {
  it('changes nothing, however many lists a record counts', () => {
    fc.assert(
      fc.property(scoringInputs, fc.nat(100), (input, total_lists) => {
        const { blocklist: _, ...intel } = input.threat_intel ?? {};

        expect(
          assess({ ...input, threat_intel: { ...intel, blocklist: { lists: 0, total_lists } } }),
        ).toEqual(assess({ ...input, threat_intel: intel }));
      }),
    );
  });
});

describe('a copy of a list', () => {
  it('changes nothing, under whatever name it comes', () => {
    fc.assert(
      fc.property(
        scoringInputs,
        listings,
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (input, known, n, share) => {
          fc.pre(known.length > 0);
          const original = known[n % known.length] as Listing;
          const copy = {
            ...original,
            source: 'a copy',
            family: original.family ?? original.source,
            weight: 1 + (original.weight - 1) * share * 0.99,
          };
          fc.pre(original.kind === 'malicious' || original.kind === 'suspicious');
          const intel = { ...input.threat_intel, listings: known };

          expect(assess({ ...input, threat_intel: { ...intel, listings: [copy, ...known] } })).toEqual(
            assess({ ...input, threat_intel: intel }),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('adds nothing where it copies the reports that the provider has answered with', () => {
    const abuseipdb = reports(100, 30, 8);
    const blacklist = on('AbuseIPDB blacklist', 300, { family: 'abuseipdb' });

    expect(assess(withIntel({ abuseipdb, listings: [blacklist] }))).toEqual(assess(withIntel({ abuseipdb })));
    expect(assess(withIntel({ listings: [blacklist] })).consensus_score).toBeGreaterThan(0.8);
  });
});

it('the order of lists changes nothing', () => {
  fc.assert(
    fc.property(scoringInputs, listings, (input, known) => {
      const intel = { ...input.threat_intel, listings: known };

      expect(assess({ ...input, threat_intel: { ...intel, listings: known.toReversed() } })).toEqual(
        assess({ ...input, threat_intel: intel }),
      );
    }),
  );
});

it('two families say more than one, and less than both by themselves', () => {
  const scoreOf = (...known: Listing[]) =>
    assess(withIntel({ listings: known })).votes.statistical?.score ?? 0;
  const oddsOf = (score: number) => Math.log(score / (1 - score)) - Math.log(BASE_RATE / (1 - BASE_RATE));
  const one = scoreOf(on('a', 20));
  const two = scoreOf(on('a', 20), on('b', 20));

  expect(two).toBeGreaterThan(one);
  expect(oddsOf(two)).toBeLessThan(2 * oddsOf(one));
});

describe('a known-good address', () => {
  it('stays below 0.1 whatever lists and unanswered connections from outside say', () => {
    fc.assert(
      fc.property(
        endpoints,
        listings,
        fc.option(blocklistIntel, { nil: undefined }),
        knocking,
        (endpoint, known, blocklist, activity) => {
          const verdict = assess({
            ...endpoint,
            direction: 'inbound',
            threat_intel: { listings: [...known, GOOD], ...(blocklist && { blocklist }) },
            activity,
          });

          expect(verdict.consensus_score).toBeLessThan(0.1);
          expect(verdict.high_uncertainty).toBe(false);
          expect(verdict.evidence).toEqual(['listings']);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each<{ name: string; intel: ThreatIntel }>([
    { name: 'vendors', intel: { virustotal: vendors(15) } },
    { name: 'reports', intel: { abuseipdb: reports(100, 900, 300) } },
    { name: 'both', intel: { virustotal: vendors(40), abuseipdb: reports(100, 900, 300) } },
  ])('is as malicious as $name say', ({ intel }) => {
    const plain = assess(withIntel(intel));
    const good = assess(withIntel({ ...intel, listings: [GOOD] }));

    expect(plain.consensus_score).toBeGreaterThan(0.7);
    expect(good.consensus_score).toBeCloseTo(plain.consensus_score, 2);
  });

  it('is known for what it is by name', () => {
    const { votes } = assess(withIntel({ listings: [GOOD, on('Spamhaus DROP', 300)] }));

    for (const name of SCORER_NAMES) {
      expect(votes[name]?.reasoning).toContain('a known-good listing on Public resolvers');
      expect(votes[name]?.reasoning).not.toContain('Spamhaus');
    }
  });
});

describe('infrastructure', () => {
  it('changes no score, and is named', () => {
    fc.assert(
      fc.property(scoringInputs, (input) => {
        const known = (input.threat_intel?.listings ?? []).filter(({ kind }) => kind !== 'infrastructure');
        const intel = { ...input.threat_intel, listings: known };
        const plain = assess({ ...input, threat_intel: intel });
        const hosted = assess({ ...input, threat_intel: { ...intel, listings: [...known, CLOUD] } });

        expect(hosted.votes.rule_based?.reasoning).toContain('Infrastructure: A cloud.');
        expect({ ...hosted, votes: undefined }).toEqual({ ...plain, votes: undefined });
        for (const name of SCORER_NAMES) {
          expect(hosted.votes[name]?.score).toBe(plain.votes[name]?.score);
          expect(hosted.votes[name]?.confidence).toBe(plain.votes[name]?.confidence);
        }
      }),
    );
  });
});

describe('the reasons', () => {
  it('name the strongest list, since when it is no longer on it, and how many more', () => {
    const known = [on('DShield', 60, { unlisted_days: 14 }), on('a', 20), on('b', 8)];

    const { votes } = assess(withIntel({ listings: known }));

    const reason = 'a listing on DShield until 14+ days ago and 2 more lists';
    expect(votes.statistical?.reasoning).toContain(`log-odds of the evidence: ${reason} +`);
    expect(votes.rule_based?.reasoning).toBe(`Raised by ${reason}.`);
    expect(votes.ml_based?.reasoning).toContain(`raised most by ${reason}.`);
  });
});

describe('what is no listing', () => {
  it.each<[string, unknown]>([
    ['text', 'Spamhaus DROP'],
    ['null', null],
    ['an object', {}],
    ['nothing in it', [null, undefined, {}, 3, { source: 'a' }, { source: 3, kind: 'malicious', weight: 9 }]],
    ['a weight that is no number', [on('a', Number.NaN), on('b', '60' as unknown as number), on('c', -1)]],
    ['a weight that speaks for nobody', [on('a', 1), on('b', 0.5)]],
  ])('is passed over: %s', (_, value) => {
    const threat_intel = { listings: value } as ThreatIntel;

    expect(assess({ address: ADDRESS, threat_intel })).toEqual(assess({ address: ADDRESS }));
  });

  it.each<[ListKind]>([['malicious'], ['suspicious']])('a %s list beyond measure is bounded', (kind) => {
    const { families } = readListings(withIntel({ listings: [on('a'.repeat(100), Infinity, { kind })] }));

    expect(families).toEqual([{ name: 'a'.repeat(40), weight: Math.log(1_000), unlistedDays: 0 }]);
  });
});
