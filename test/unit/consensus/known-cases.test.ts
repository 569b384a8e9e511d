import { describe, expect, it } from 'vitest';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import { BASE_RATE } from '../../../lib/consensus/probability.ts';
import type { ScoringInput } from '../../../lib/consensus/scoring-input.ts';
import type { ConsensusVerdict } from '../../../lib/consensus/verdict.ts';
import { ADDRESS, reports, vendors, withIntel } from './scoring-inputs.ts';

const consensus = createConsensus();

function assess(input: ScoringInput): ConsensusVerdict {
  const verdict = consensus.assess(input);
  if (verdict.method === 'failed') throw new Error(verdict.reason);
  return verdict;
}

describe('strong evidence is malicious without high uncertainty', () => {
  it.each<{ name: string; input: ScoringInput }>([
    {
      name: '15 of 94 vendors, 100 % from 300 reporters',
      input: withIntel({ virustotal: vendors(15), abuseipdb: reports(100, 900, 300) }),
    },
    {
      name: 'the same, reported today',
      input: withIntel(
        { virustotal: vendors(15), abuseipdb: reports(100, 900, 300) },
        { report_age_days: 0 },
      ),
    },
    {
      name: 'the same, reported a quarter ago',
      input: withIntel(
        { virustotal: vendors(15), abuseipdb: reports(100, 900, 300) },
        { report_age_days: 90 },
      ),
    },
    {
      name: 'the same, reporters not counted',
      input: withIntel({ virustotal: vendors(15), abuseipdb: { confidence_score: 100, total_reports: 900 } }),
    },
    { name: '40 of 94 vendors alone', input: withIntel({ virustotal: vendors(40) }) },
    {
      name: '40 of 94 vendors although never reported',
      input: withIntel({ virustotal: vendors(40), abuseipdb: reports(0, 0, 0) }),
    },
    { name: '3 of 25 feeds alone', input: withIntel({ virustotal: vendors(3, 25) }) },
    { name: '8 of 25 blocklists alone', input: withIntel({ blocklist: { lists: 8, total_lists: 25 } }) },
    {
      name: '8 of 25 blocklists although vendors are silent',
      input: withIntel({ virustotal: vendors(0), blocklist: { lists: 8, total_lists: 25 } }),
    },
    {
      name: '100 % from 300 reporters this week',
      input: withIntel({ abuseipdb: reports(100, 900, 300) }, { report_age_days: 2 }),
    },
    {
      name: '15 of 94 vendors on a whitelisted address',
      input: withIntel({
        virustotal: vendors(15),
        abuseipdb: reports(100, 900, 300, { is_whitelisted: true }),
      }),
    },
  ])('$name', ({ input }) => {
    const verdict = assess(input);

    expect(verdict.consensus_score).toBeGreaterThan(0.7);
    expect(verdict.high_uncertainty).toBe(false);
  });
});

describe('clean intelligence scores below 0.1', () => {
  it.each<{ name: string; input: ScoringInput }>([
    {
      name: 'a whitelisted resolver with some reports',
      input: withIntel(
        { virustotal: vendors(0), abuseipdb: reports(0, 140, 60, { is_whitelisted: true }) },
        { address: '8.8.8.8' },
      ),
    },
    {
      name: 'the same, reported today',
      input: withIntel(
        { virustotal: vendors(0), abuseipdb: reports(0, 140, 60, { is_whitelisted: true }) },
        { address: '8.8.8.8', report_age_days: 0 },
      ),
    },
    {
      name: 'a resolver without reports',
      input: withIntel({ virustotal: vendors(0), abuseipdb: reports(0, 0, 0) }, { address: '8.8.8.8' }),
    },
    {
      name: 'a resolver with reports that the source does not believe',
      input: withIntel({ virustotal: vendors(0), abuseipdb: reports(0, 140, 60) }, { report_age_days: 0 }),
    },
    { name: 'silent vendors alone', input: withIntel({ virustotal: vendors(0) }) },
    { name: 'silent blocklists alone', input: withIntel({ blocklist: { lists: 0, total_lists: 25 } }) },
    {
      name: 'a single old report',
      input: withIntel({ abuseipdb: reports(15, 1, 1) }, { report_age_days: 60 }),
    },
  ])('$name', ({ input }) => {
    const verdict = assess(input);

    expect(verdict.consensus_score).toBeLessThan(0.1);
    expect(verdict.high_uncertainty).toBe(false);
  });
});

describe('weak evidence stays below the malicious threshold', () => {
  it.each<{ name: string; input: ScoringInput }>([
    { name: 'one stray vendor of 94', input: withIntel({ virustotal: vendors(1) }) },
    {
      name: 'one stray vendor of 94, never reported',
      input: withIntel({ virustotal: vendors(1), abuseipdb: reports(0, 0, 0) }),
    },
    {
      name: 'two users, last month',
      input: withIntel({ abuseipdb: reports(49, 4, 2) }, { report_age_days: 30 }),
    },
    {
      name: 'one user with fifty reports',
      input: withIntel({ abuseipdb: reports(60, 50, 1) }, { report_age_days: 0 }),
    },
  ])('$name', ({ input }) => {
    expect(assess(input).consensus_score).toBeLessThan(0.7);
  });
});

it('whitelisting lowers strong reports and does not erase them', () => {
  const plain = assess(withIntel({ abuseipdb: reports(100, 900, 300) }));
  const whitelisted = assess(withIntel({ abuseipdb: reports(100, 900, 300, { is_whitelisted: true }) }));

  expect(whitelisted.consensus_score).toBeLessThan(plain.consensus_score);
  expect(whitelisted.consensus_score).toBeGreaterThan(4 * BASE_RATE);
});

describe('an unknown address', () => {
  it('scores the base rate with next to no confidence', () => {
    const verdict = assess({ address: ADDRESS });

    expect(verdict.consensus_score).toBeCloseTo(BASE_RATE, 2);
    expect(verdict.confidence).toBeLessThan(0.2);
    expect(verdict.evidence).toEqual([]);
    expect(verdict.high_uncertainty).toBe(false);
  });

  it('is not lifted over 0.15 by the connection alone', () => {
    const verdict = assess({ address: ADDRESS, dst_port: 22, protocol: 'icmp', direction: 'inbound' });

    expect(verdict.consensus_score).toBeGreaterThan(BASE_RATE);
    expect(verdict.consensus_score).toBeLessThan(0.15);
  });

  it.each(['virustotal', 'abuseipdb', 'blocklist'])('scores the same where %s is null', (source) => {
    const threat_intel = { [source]: null } as unknown as NonNullable<ScoringInput['threat_intel']>;

    expect(assess({ address: ADDRESS, threat_intel })).toEqual(assess({ address: ADDRESS }));
  });
});
