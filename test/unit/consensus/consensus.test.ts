import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import { SCORERS } from '../../../lib/consensus/scorers/scorers.ts';
import { DEFAULT_CONSENSUS_SETTINGS } from '../../../lib/consensus/settings.ts';
import type { ConsensusVerdict, Verdict } from '../../../lib/consensus/verdict.ts';
import { SCORER_NAMES, type Scorer, type Vote } from '../../../lib/consensus/vote.ts';
import { BARE, reports, scoringInputs, vendors, withIntel } from './scoring-inputs.ts';

const shares = fc.double({ min: 0, max: 1, noNaN: true });

function vote(score: number, confidence = 0.5): Vote {
  return { score, confidence, reasoning: 'fixed', features: {} };
}

/** Scorers in reporting order, each with a fixed answer or a function. */
function scorersOf(...answers: ReadonlyArray<number | (() => Vote)>): Scorer[] {
  return answers.map((answer, i) => ({
    name: SCORER_NAMES[i] ?? 'statistical',
    score: typeof answer === 'function' ? answer : () => vote(answer),
  }));
}

function agreed(verdict: Verdict): ConsensusVerdict {
  if (verdict.method === 'failed') throw new Error(verdict.reason);
  return verdict;
}

function throwing(thrown: unknown): () => Vote {
  return () => {
    throw thrown;
  };
}

describe('three valid votes', () => {
  it('take the median, name the outlier and keep it', () => {
    const verdict = agreed(createConsensus({ scorers: scorersOf(0.1, 0.5, 0.9) }).assess(BARE));

    expect(verdict).toMatchObject({
      method: 'median',
      consensus_score: 0.5,
      spread: 0.8,
      high_uncertainty: true,
      outliers: ['statistical', 'ml_based'],
      degraded: false,
      quorum: 1,
      failures: {},
    });
    expect(Object.keys(verdict.votes)).toEqual(['statistical', 'rule_based', 'ml_based']);
  });

  it.each([
    { votes: [0.3, 0.4, 0.55], uncertain: false, why: 'a spread of exactly the threshold' },
    { votes: [0.3, 0.4, 0.5501], uncertain: true, why: 'a spread just beyond' },
  ])('$why: high uncertainty is $uncertain', ({ votes, uncertain }) => {
    const verdict = agreed(createConsensus({ scorers: scorersOf(...votes) }).assess(BARE));

    expect(verdict.high_uncertainty).toBe(uncertain);
  });

  it('do not call a vote at exactly the outlier threshold an outlier', () => {
    const verdict = agreed(createConsensus({ scorers: scorersOf(0.1, 0.4, 0.7) }).assess(BARE));

    expect(verdict.outliers).toEqual([]);
  });

  it('follow the settings given', () => {
    const settings = { outlierThreshold: 0.05, uncertaintyThreshold: 0.9 };
    const verdict = agreed(createConsensus({ settings, scorers: scorersOf(0.1, 0.2, 0.9) }).assess(BARE));

    expect(verdict.outliers).toEqual(['statistical', 'ml_based']);
    expect(verdict.high_uncertainty).toBe(false);
  });

  it('keep the score within the honest range when one of three is faulty', () => {
    const faults = fc.oneof(
      shares.map((score) => () => vote(score)),
      fc.constantFrom(Number.NaN, Infinity, -1, 2).map((score) => () => vote(score)),
      fc.anything().map(throwing),
    );
    fc.assert(
      fc.property(shares, shares, faults, fc.nat(2), (first, second, faulty, position) => {
        const answers: Array<number | (() => Vote)> = [first, second];
        answers.splice(position, 0, faulty);
        const verdict = agreed(createConsensus({ scorers: scorersOf(...answers) }).assess(BARE));
        expect(verdict.consensus_score).toBeGreaterThanOrEqual(Math.min(first, second));
        expect(verdict.consensus_score).toBeLessThanOrEqual(Math.max(first, second));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the confidence of a verdict', () => {
  const certain = (score: number, confidence: number) => () => vote(score, confidence);

  it('is the median of the confidences, less the spread', () => {
    const scorers = scorersOf(certain(0.2, 0.9), certain(0.3, 0.3), certain(0.5, 0.6));

    expect(agreed(createConsensus({ scorers }).assess(BARE)).confidence).toBe(0.42);
  });

  it('falls with the share of votes that are missing', () => {
    const scorers = scorersOf(certain(0.2, 0.6), certain(0.2, 0.6), throwing(null));

    expect(agreed(createConsensus({ scorers }).assess(BARE)).confidence).toBe(0.4);
  });
});

describe('a discarded vote', () => {
  const unprintable = { toString: throwing(null) };

  it.each([
    {
      name: 'an error',
      answer: throwing(new TypeError('no weights')),
      reason: 'threw TypeError: no weights',
    },
    { name: 'null', answer: throwing(null), reason: 'threw null' },
    { name: 'a symbol', answer: throwing(Symbol('odd')), reason: 'threw Symbol(odd)' },
    {
      name: 'what has no text',
      answer: throwing(unprintable),
      reason: 'threw something that cannot be described',
    },
    { name: 'several lines', answer: throwing('first\nsecond'), reason: 'threw first' },
    { name: 'no vote', answer: () => undefined as unknown as Vote, reason: 'gave no vote' },
    { name: 'NaN', answer: () => vote(Number.NaN), reason: 'score is not a number from 0 to 1' },
    { name: 'too high', answer: () => vote(1.01), reason: 'score is not a number from 0 to 1' },
    {
      name: 'text',
      answer: () => vote('0.5' as unknown as number),
      reason: 'score is not a number from 0 to 1',
    },
    { name: 'confidence', answer: () => vote(0.5, -0.1), reason: 'confidence is not a number from 0 to 1' },
  ])('($name) is named, and two votes remain', ({ answer, reason }) => {
    const verdict = agreed(createConsensus({ scorers: scorersOf(0.2, answer, 0.4) }).assess(BARE));

    expect(verdict.failures).toEqual({ rule_based: reason });
    expect(Object.keys(verdict.votes)).toEqual(['statistical', 'ml_based']);
    expect(verdict).toMatchObject({ consensus_score: 0.3, degraded: true, quorum: 2 / 3 });
  });

  it('has a short reason, however long the message', () => {
    const scorers = scorersOf(0.2, throwing(new Error('x'.repeat(10_000))), 0.4);

    expect(createConsensus({ scorers }).assess(BARE).failures.rule_based?.length).toBeLessThanOrEqual(120);
  });
});

describe('too few votes', () => {
  it('fail with a reason and what there is', () => {
    const scorers = scorersOf(0.2, throwing(new Error('first')), throwing(undefined));

    const verdict = createConsensus({ scorers }).assess(BARE);

    expect(verdict).toEqual({
      method: 'failed',
      reason: '1 of 3 scorers gave a valid vote, 2 required',
      votes: { statistical: vote(0.2) },
      failures: { rule_based: 'threw Error: first', ml_based: 'threw undefined' },
      quorum: 1 / 3,
      evidence: [],
    });
  });

  it.each([1, 2, 3])('means fewer than the minimum of %i', (minScorers) => {
    const scorers = scorersOf(0.2, 0.3, throwing(null));

    const verdict = createConsensus({ settings: { minScorers }, scorers }).assess(BARE);

    expect(verdict.method).toBe(minScorers <= 2 ? 'median' : 'failed');
  });

  it('fail without any scorer, whatever the minimum', () => {
    expect(createConsensus({ settings: { minScorers: 0 }, scorers: [] }).assess(BARE)).toMatchObject({
      method: 'failed',
      reason: '0 of 0 scorers gave a valid vote, 1 required',
      quorum: 0,
    });
  });

  it.each([0, 1])('is not one of three where the minimum is %i', (minScorers) => {
    const scorers = scorersOf(throwing(null), 0.3, throwing(null));

    expect(createConsensus({ settings: { minScorers }, scorers }).assess(BARE)).toMatchObject({
      consensus_score: 0.3,
      degraded: true,
    });
  });
});

describe('every verdict', () => {
  const consensus = createConsensus();

  it('is the same, byte for byte, for the same input and whatever the order of scorers', () => {
    const reversed = createConsensus({ scorers: SCORERS.toReversed() });
    fc.assert(
      fc.property(scoringInputs, (input) => {
        const stored = JSON.stringify(consensus.assess(input));
        expect(JSON.stringify(consensus.assess(structuredClone(input)))).toBe(stored);
        expect(JSON.stringify(reversed.assess(input))).toBe(stored);
      }),
    );
  });

  it('is a score and a confidence from 0 to 1 in less than 2 KB', () => {
    fc.assert(
      fc.property(scoringInputs, (input) => {
        const verdict = agreed(consensus.assess(input));
        expect(verdict.consensus_score).toBeGreaterThanOrEqual(0);
        expect(verdict.consensus_score).toBeLessThanOrEqual(1);
        expect(verdict.confidence).toBeGreaterThanOrEqual(0);
        expect(verdict.confidence).toBeLessThanOrEqual(1);
        expect(JSON.stringify(verdict).length).toBeLessThan(2_048);
      }),
      { numRuns: 500 },
    );
  });

  it('lists the sources that had an answer', () => {
    const input = withIntel({
      virustotal: vendors(0, 0),
      abuseipdb: reports(0, 0, 0),
      blocklist: { lists: 1, total_lists: 25 },
    });

    expect(consensus.assess(input).evidence).toEqual(['abuseipdb', 'listings']);
  });
});

describe('createConsensus', () => {
  it('has settings of its own', () => {
    expect(DEFAULT_CONSENSUS_SETTINGS).toEqual({
      minScorers: 2,
      outlierThreshold: 0.3,
      uncertaintyThreshold: 0.25,
      maliciousThreshold: 0.7,
    });
  });

  it('refuses two scorers of one name', () => {
    const [scorer] = scorersOf(0.5);
    const scorers = scorer ? [scorer, scorer] : [];

    expect(() => createConsensus({ scorers })).toThrow(
      'two scorers have the same name: statistical, statistical',
    );
  });
});
