import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import type { Detection } from '../../../lib/consensus/detection.ts';
import type { Listing } from '../../../lib/consensus/listing.ts';
import { BASE_RATE } from '../../../lib/consensus/probability.ts';
import { SCORERS } from '../../../lib/consensus/scorers/scorers.ts';
import type { ScoringInput } from '../../../lib/consensus/scoring-input.ts';
import type { ConsensusVerdict } from '../../../lib/consensus/verdict.ts';
import { detection, detections, listings, scoringInputs } from './scoring-inputs.ts';

const consensus = createConsensus();

function assess(input: ScoringInput): ConsensusVerdict {
  const verdict = consensus.assess(input);
  if (verdict.method === 'failed') throw new Error(verdict.reason);
  return verdict;
}

const OUTBOUND: ScoringInput = {
  address: '203.0.113.7',
  dst_port: 443,
  protocol: 'tcp',
  direction: 'outbound',
};
const INBOUND: ScoringInput = { ...OUTBOUND, dst_port: 23, direction: 'inbound' };

function rules(...severities: readonly number[]): Detection[] {
  return severities.map((severity, n) => ({ signature: `rule ${n}`, signature_id: n, severity }));
}

function forgeable(detected: readonly Detection[]): Detection[] {
  return detected.map((each) => ({ ...each, forgeable: true }));
}

describe('rules that fired on connections of an endpoint', () => {
  it.each<[string, Detection[], number, number]>([
    ['one of severity 1', rules(1), 0.55, 0.7],
    ['two of severity 1', rules(1, 1), 0.7, 0.85],
    ['four of severity 1', rules(1, 1, 1, 1), 0.85, 0.95],
    ['one of severity 2', rules(2), 0.2, 0.35],
    ['a dozen of severity 2', rules(...Array.from({ length: 12 }, () => 2)), 0.4, 0.7],
    ['one of severity 3', rules(3), 0.08, 0.15],
    ['a dozen of severity 3', rules(...Array.from({ length: 12 }, () => 3)), 0.1, 0.25],
  ])('%s: the scorers agree on a score in its range', (_, detected, lowest, highest) => {
    const { consensus_score, high_uncertainty, evidence } = assess({ ...OUTBOUND, detections: detected });

    expect(consensus_score).toBeGreaterThan(lowest);
    expect(consensus_score).toBeLessThan(highest);
    expect({ high_uncertainty, evidence }).toEqual({ high_uncertainty: false, evidence: ['detections'] });
  });

  const GOOD: Listing = { source: 'Public resolvers', kind: 'known-good', weight: 1 };
  it.each<[string, ScoringInput]>([
    ['remarks of the sensor', { ...OUTBOUND, detections: rules(4, 5, 255) }],
    ['none at all', { ...OUTBOUND, detections: [] }],
    ['what is no severity', { ...OUTBOUND, detections: rules(0, -1, Number.NaN, 1.5) }],
    [
      'what a name server is asked for',
      { ...OUTBOUND, dst_port: 53, protocol: 'udp', detections: rules(1, 1) },
    ],
    ['connections inside the site', { ...OUTBOUND, direction: 'internal', detections: rules(1, 1) }],
    [
      'connections of which neither side is local',
      { ...OUTBOUND, direction: 'external', detections: rules(1) },
    ],
    [
      'a partner of the site, in whose name anybody can send them',
      {
        ...INBOUND,
        activity: { connections: 1, hosts: 1, services: 1, is_partner: true },
        detections: forgeable(rules(1, 1, 1)),
      },
    ],
  ])('are no evidence: %s', (_, input) => {
    const { consensus_score, evidence } = assess(input);

    expect(evidence).toEqual([]);
    expect(consensus_score).toBe(assess({ ...input, detections: undefined }).consensus_score);
  });

  it('never outweigh that an address is known to be good', () => {
    fc.assert(
      fc.property(detections, fc.constantFrom(INBOUND, OUTBOUND), (detected, endpoint) => {
        const input = { ...endpoint, threat_intel: { listings: [GOOD] }, detections: detected };

        expect(assess(input).consensus_score).toBeLessThan(0.1);
      }),
    );
  });

  it('stay below 0.85 with knocks where anybody can forge both', () => {
    fc.assert(
      fc.property(
        detections,
        fc.nat(100_000),
        fc.constantFrom(0, 22, 23, 139, 445, 5432, 40_000),
        fc.constantFrom('tcp', 'udp', 'icmp'),
        (detected, knocks, dst_port, protocol) => {
          const activity = {
            connections: knocks + 1,
            hosts: 1,
            services: knocks + 1,
            answered: 0,
            knocks,
            doors: knocks,
          };
          const input = { ...INBOUND, dst_port, protocol, activity, detections: forgeable(detected) };

          const { votes, consensus_score } = assess(input);
          expect(consensus_score).toBeLessThan(0.85);
          for (const vote of Object.values(votes)) expect(vote.score).toBeLessThan(0.85);
        },
      ),
    );
  });

  it.each(SCORERS)('$name: one more rule, a graver one or a firmer one never lowers a score', (scorer) => {
    fc.assert(
      fc.property(scoringInputs, detections, detection, fc.nat(), (input, detected, more, place) => {
        const before = scorer.score({ ...input, detections: detected }).score;
        const added = scorer.score({ ...input, detections: [...detected, more] }).score;
        expect(added).toBeGreaterThanOrEqual(before);

        const changed = detected[place % Math.max(1, detected.length)];
        if (changed === undefined) return;
        const others = detected.filter((each) => each !== changed);
        const { forgeable: _, ...firm } = changed;
        const graver = { ...changed, severity: Math.max(1, changed.severity - 1) };
        for (const other of [firm, graver])
          expect(scorer.score({ ...input, detections: [...others, other] }).score).toBeGreaterThanOrEqual(
            before,
          );
      }),
    );
  });

  it('count the same in any order', () => {
    fc.assert(
      fc.property(
        detections.chain((detected) =>
          fc.tuple(fc.constant(detected), fc.shuffledSubarray(detected, { minLength: detected.length })),
        ),
        listings,
        ([detected, shuffled], listed) => {
          const input = { ...OUTBOUND, threat_intel: { listings: listed } };

          expect(assess({ ...input, detections: shuffled })).toEqual(
            assess({ ...input, detections: detected }),
          );
        },
      ),
    );
  });

  it('raise what activity and lists say', () => {
    const weak: Listing = { source: 'a weak list', kind: 'suspicious', weight: 12 };
    const listed = { ...OUTBOUND, threat_intel: { listings: [weak] } };

    expect(assess(listed).consensus_score).toBeLessThan(0.6);
    expect(assess({ ...listed, detections: rules(1) }).consensus_score).toBeGreaterThan(0.85);
    expect(assess({ ...OUTBOUND, detections: [] }).consensus_score).toBeCloseTo(BASE_RATE, 1);
  });

  it('never show their words in a vote', () => {
    const { votes } = assess({ ...OUTBOUND, detections: [{ signature: 'IGNORE ALL <b>', severity: 1 }] });

    expect(JSON.stringify(votes)).not.toContain('IGNORE');
    expect(votes.rule_based?.reasoning).toContain('a detection rule of severity 1');
  });
});
