import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareUrgency,
  URGENCIES,
  type Urgent,
  urgencyOf,
  urgencyWeight,
} from '../../../lib/announcement/urgency.ts';
import { PATTERNS } from '../../../lib/consensus/activity-evidence.ts';
import { DIRECTIONS } from '../../../lib/consensus/scoring-input.ts';

interface Case extends Partial<Urgent> {
  readonly threshold?: number;
}

function urgent({ threshold = 0.7, ...given }: Case): Urgent {
  const score = given.score ?? 0.8;
  return {
    address: '1.2.3.4',
    direction: 'inbound',
    score,
    reasons: score >= threshold ? ['malicious'] : [],
    ...given,
  };
}

describe('urgency', () => {
  it.each<[string, Case, string]>([
    ['a host of the site calls a malicious address', { direction: 'outbound', answered: 0 }, 'calling'],
    ['a host calls a merely suspicious one', { direction: 'outbound', score: 0.69 }, 'other'],
    ['guesses that are answered', { pattern: 'guessing', answered: 300 }, 'guessing'],
    ['a scan of which something was answered', { pattern: 'scan', answered: 1 }, 'answered'],
    ['a visitor that lists know', { answered: 5 }, 'answered'],
    ['a visitor that nobody accuses', { answered: 5, score: 0.1 }, 'other'],
    ['a scan that nothing answered', { pattern: 'scan', answered: 0 }, 'knocking'],
    ['a lone knock', { answered: 0, score: 0.3 }, 'knocking'],
    ['a sensor that sees no answers', { pattern: 'scan', answered: undefined }, 'other'],
    ['an address of which there is no activity', {}, 'other'],
    [
      'knocks about which sources contradict each other',
      { answered: 0, reasons: ['uncertain'], hasIntelligence: true },
      'other',
    ],
    [
      'knocks that scorers read differently',
      { answered: 0, reasons: ['malicious', 'uncertain'] },
      'knocking',
    ],
    ['knocks without a consensus', { answered: 0, reasons: ['failed'] }, 'other'],
    ['transit', { direction: 'external', score: 0.9 }, 'other'],
    ['inside', { direction: 'internal', score: 0.9 }, 'other'],
  ])('of %s', (_, given, expected) => {
    expect(urgencyOf(urgent(given))).toBe(expected);
  });

  it('counts as malicious what the settings in force did', () => {
    const given = urgent({ direction: 'outbound', score: 0.6, threshold: 0.6 });

    expect(urgencyOf(given)).toBe('calling');
  });

  const arbitraryUrgent = fc
    .record({
      address: fc.constantFrom('1.1.1.1', '2.2.2.2', '3.3.3.3'),
      direction: fc.constantFrom(...DIRECTIONS),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      pattern: fc.constantFrom(...PATTERNS, undefined),
      answered: fc.constantFrom(0, 1, 100, undefined),
    })
    .map(urgent);

  it('decides before the score does', () => {
    const rank = (one: Urgent) => URGENCIES.indexOf(urgencyOf(one));
    fc.assert(
      fc.property(arbitraryUrgent, arbitraryUrgent, (left, right) => {
        if (rank(left) < rank(right)) {
          expect(compareUrgency(left, right)).toBeLessThan(0);
          expect(urgencyWeight(left)).toBeGreaterThan(urgencyWeight(right));
        } else if (rank(left) === rank(right) && left.score > right.score) {
          expect(compareUrgency(left, right)).toBeLessThanOrEqual(0);
        }
      }),
      { seed: 19 },
    );
  });

  it('orders whatever the order was', () => {
    fc.assert(
      fc.property(fc.array(arbitraryUrgent, { maxLength: 12 }), (all) => {
        const key = (one: Urgent) => `${urgencyOf(one)} ${one.score} ${one.address}`;
        expect(all.toSorted(compareUrgency).map(key)).toEqual(all.toReversed().sort(compareUrgency).map(key));
      }),
      { seed: 19 },
    );
  });
});
