import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectVotes, LONGEST_REASON, type Voter } from '../../../lib/consensus/ballot.ts';
import { LONGEST_FEATURE_NAME, LONGEST_REASONING, MOST_FEATURES } from '../../../lib/consensus/check-vote.ts';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import { createOwnScorer } from '../../../lib/consensus/own-scorer.ts';
import { readInput } from '../../../lib/consensus/reading.ts';
import { SCORERS } from '../../../lib/consensus/scorers/scorers.ts';
import type { ScoringInput } from '../../../lib/consensus/scoring-input.ts';
import { LARGEST_VERDICT_BYTES } from '../../../lib/consensus/verdict.ts';
import { SCORER_NAMES, type Scorer, type Vote } from '../../../lib/consensus/vote.ts';
import { deeds, featuresOf, VALID } from './hostile-scorers.ts';
import { ADDRESS, scoringInputs } from './scoring-inputs.ts';

/** Scorers in reporting order, each applying the function to the input. */
function scorersOf(...answers: ReadonlyArray<(input: ScoringInput) => unknown>): Scorer[] {
  return answers.map((answer, i) => ({
    name: SCORER_NAMES[i] ?? 'statistical',
    score: (input) => answer(input) as Vote,
  }));
}

function votersOf(...answers: ReadonlyArray<(input: ScoringInput) => unknown>): Voter[] {
  return scorersOf(...answers).map((scorer) => ({ name: scorer.name, scorer, own: undefined }));
}

/** The result of one answer. */
function judge(answer: () => unknown) {
  const { votes, failures } = collectVotes(votersOf(answer), { address: ADDRESS });
  return { vote: votes.statistical, failure: failures.statistical };
}

describe('a vote is discarded with a reason', () => {
  const cycle: Record<string, unknown> = {};
  cycle.itself = cycle;

  it.each([
    { name: 'nothing', answer: undefined, reason: 'gave no vote' },
    { name: 'a number', answer: 0.5, reason: 'score is not a number from 0 to 1' },
    {
      name: 'no confidence',
      answer: { ...VALID, confidence: '1' },
      reason: 'confidence is not a number from 0 to 1',
    },
    { name: 'no reasoning', answer: { ...VALID, reasoning: undefined }, reason: 'reasoning is not text' },
    {
      name: 'a text object',
      answer: { ...VALID, reasoning: Object('fixed') },
      reason: 'reasoning is not text',
    },
    {
      name: 'no features',
      answer: { ...VALID, features: undefined },
      reason: 'features are not a plain record',
    },
    {
      name: 'null features',
      answer: { ...VALID, features: null },
      reason: 'features are not a plain record',
    },
    { name: 'a list', answer: { ...VALID, features: [1] }, reason: 'features are not a plain record' },
    { name: 'a map', answer: { ...VALID, features: new Map() }, reason: 'features are not a plain record' },
    {
      name: 'a function',
      answer: { ...VALID, features: () => 1 },
      reason: 'features are not a plain record',
    },
    {
      name: 'a BigInt',
      answer: { ...VALID, features: { big: 1n } },
      reason: 'feature big is not a finite number',
    },
    {
      name: 'NaN',
      answer: { ...VALID, features: { odd: NaN } },
      reason: 'feature odd is not a finite number',
    },
    {
      name: 'a cycle',
      answer: { ...VALID, features: cycle },
      reason: 'feature itself is not a finite number',
    },
    {
      name: 'toJSON',
      answer: { ...VALID, features: { toJSON: () => 1 } },
      reason: 'feature toJSON is not a finite number',
    },
    {
      name: 'too many features',
      answer: { ...VALID, features: featuresOf(MOST_FEATURES + 1) },
      reason: 'has more than 64 features',
    },
    {
      name: 'too long a name',
      answer: { ...VALID, features: { ['x'.repeat(LONGEST_FEATURE_NAME + 1)]: 1 } },
      reason: "a feature's name is longer than 64 characters",
    },
  ])('for $name', ({ answer, reason }) => {
    expect(judge(() => answer)).toEqual({ vote: undefined, failure: reason });
  });

  it.each([
    { name: 'resolved', promise: () => Promise.resolve(VALID) },
    { name: 'rejected', promise: () => Promise.reject(new Error('later')) },
    { name: 'rejected, with the fields of a vote', promise: () => Object.assign(Promise.reject(1), VALID) },
    {
      name: "of another library's making",
      // biome-ignore lint/suspicious/noThenProperty: this is what is tested
      promise: () => ({ ...VALID, then: (_: unknown, reject: (reason: unknown) => void) => reject('later') }),
    },
  ])('for a promise, $name, whose rejection ends nothing', async ({ promise }) => {
    expect(judge(promise).failure).toBe('gave a promise instead of a vote');
    await new Promise(setImmediate);
  });

  it('for a promise that it throws, and whose rejection ends nothing', async () => {
    const { failure } = judge(() => {
      throw Promise.reject(new Error('later'));
    });

    expect(failure).toBe('threw [object Promise]');
    await new Promise(setImmediate);
  });

  it.each(['then', 'score', 'confidence', 'reasoning', 'features'])(
    'for a getter of %s that throws',
    (field) => {
      const answer = Object.defineProperty({ ...VALID }, field, {
        get() {
          throw new Error('not today');
        },
      });

      expect(judge(() => answer).failure).toBe('threw Error: not today');
    },
  );

  it('of bounded length', () => {
    const long = 'x'.repeat(10_000);

    expect(
      judge(() => ({ ...VALID, features: { [long.slice(0, LONGEST_FEATURE_NAME)]: long } })).failure,
    ).toHaveLength('feature  is not a finite number'.length + LONGEST_FEATURE_NAME);
    expect(
      judge(() => {
        throw new Error(long);
      }).failure,
    ).toHaveLength(LONGEST_REASON);
  });
});

describe('a scorer of the engine', () => {
  it('gets what was read of the input for all, and its vote is kept as it is', () => {
    const input = { address: ADDRESS };
    const reading = readInput(input);
    const vote: Vote = { ...VALID };
    const seen: unknown[] = [];
    const own = createOwnScorer('ml_based', (given) => {
      seen.push(given);
      return vote;
    });

    const { votes } = collectVotes([{ name: 'ml_based', scorer: own, own }], input, reading);

    expect(seen[0]).toBe(reading);
    expect(votes.ml_based).toBe(vote);
    expect(own.score(input)).toBe(vote);
    expect(seen[1]).toEqual(reading);
  });

  it('with a defect loses its vote like any other', () => {
    const answer = () => Promise.reject(new Error('later')) as unknown as Vote;
    const own = createOwnScorer('ml_based', answer);

    expect(collectVotes([{ name: 'ml_based', scorer: own, own }], { address: ADDRESS })).toEqual({
      votes: {},
      failures: { ml_based: 'gave a promise instead of a vote' },
    });
  });
});

describe('a valid vote', () => {
  it('is stored as exactly what a vote holds', () => {
    class Opinion {
      readonly extra = 1n;
      readonly score = 0.5;
      readonly confidence = 0.25;
      readonly features = Object.assign(Object.create(null), { one: 1, [Symbol('hidden')]: 1 });
      get reasoning() {
        return 'fixed';
      }
      toJSON() {
        return 'x'.repeat(1_000_000);
      }
    }

    const { vote } = judge(() => new Opinion());

    expect(vote).toStrictEqual({ score: 0.5, confidence: 0.25, reasoning: 'fixed', features: { one: 1 } });
    expect(Reflect.ownKeys(vote?.features ?? {})).toEqual(['one']);
  });

  it('does not change with what its scorer does to it later', () => {
    const answer = structuredClone(VALID);

    const { vote } = judge(() => answer);
    answer.score = 0.9;
    answer.features.one = 2;

    expect(vote).toEqual(VALID);
  });

  it('is what was checked, even where a getter changes its mind', () => {
    let asked = 0;
    const answer = {
      ...VALID,
      get score() {
        return asked++ === 0 ? 0.5 : Number.NaN;
      },
    };

    expect(judge(() => answer).vote).toEqual(VALID);
  });

  it('may be as large as the bounds', () => {
    const features = featuresOf(MOST_FEATURES, LONGEST_FEATURE_NAME);
    const answer = { ...VALID, reasoning: 'x'.repeat(LONGEST_REASONING), features };

    expect(judge(() => answer).vote).toEqual(answer);
  });

  it('has its reasoning cut where it is too long, and not within a character', () => {
    const before = 'x'.repeat(LONGEST_REASONING - 1);

    expect(judge(() => ({ ...VALID, reasoning: `${before}yz` })).vote?.reasoning).toBe(`${before}y`);
    expect(judge(() => ({ ...VALID, reasoning: `${before}😀` })).vote?.reasoning).toBe(`${before}\uFFFD`);
  });
});

describe('a scorer that writes to its input', () => {
  const input: ScoringInput = {
    address: ADDRESS,
    threat_intel: { virustotal: { malicious_vendors: 1, total_vendors: 90 } },
    geo_data: { country_code: 'NL' },
  };

  it('changes neither what the others see nor what the caller stores', () => {
    const asked = structuredClone(input);
    const seen: ScoringInput[] = [];
    const spoil = (given: ScoringInput) => {
      seen.push(structuredClone(given));
      Object.assign(given, { address: 'another' });
      Object.assign(given.threat_intel?.virustotal ?? {}, { malicious_vendors: 90 });
      Object.assign(given.geo_data ?? {}, { country_code: 'XX' });
      return VALID;
    };

    createConsensus({ scorers: scorersOf(spoil, spoil, spoil) }).assess(asked);

    expect(seen).toEqual([input, input, input]);
    expect(asked).toEqual(input);
  });

  it('does so with its own name in vain', () => {
    const scorers = scorersOf(
      () => VALID,
      () => ({ ...VALID, score: 0.1 }),
    );
    const [first] = scorers;
    const renaming = {
      ...first,
      score: () => Object.assign(renaming, { name: 'rule_based' }) && VALID,
    } as Scorer;

    const { votes } = createConsensus({ scorers: [renaming, ...scorers.slice(1)] }).assess(input);

    expect([votes.statistical?.score, votes.rule_based?.score]).toEqual([0.5, 0.1]);
  });
});

describe.each(SCORERS)('$name, whose votes are not copied', (scorer) => {
  it('gives fresh plain data and leaves its input alone', () => {
    fc.assert(
      fc.property(scoringInputs, (input) => {
        const vote = scorer.score(freeze(input));
        const { votes } = collectVotes([{ name: scorer.name, scorer, own: undefined }], input);
        expect(votes[scorer.name]).toStrictEqual(vote);
        expect(vote.reasoning.length).toBeLessThanOrEqual(320);
        expect(scorer.score(input)).not.toBe(vote);
        for (const part of [vote, vote.features]) {
          for (const property of Object.values(Object.getOwnPropertyDescriptors(part))) {
            expect(property).toHaveProperty('value');
          }
        }
      }),
    );
  });
});

describe('collectVotes', () => {
  it('never throws, and what it gives can be stored within a bound, whatever scorers do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deeds, { minLength: 3, maxLength: 3 }), async (answers) => {
        const ballot = collectVotes(votersOf(...answers), { address: ADDRESS });
        const text = JSON.stringify(ballot);
        expect(Buffer.byteLength(text)).toBeLessThan(LARGEST_VERDICT_BYTES);
        expect(JSON.parse(text)).toEqual(withoutMinusZero(ballot));
        expect(Object.keys({ ...ballot.votes, ...ballot.failures })).toHaveLength(3);
        await new Promise(setImmediate);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves the votes of two sound scorers as they are, whatever the third does', async () => {
    await fc.assert(
      fc.asyncProperty(deeds, fc.nat(2), async (deed, position) => {
        const answers: Array<() => unknown> = [() => VALID, () => VALID];
        answers.splice(position, 0, deed);
        const ballot = collectVotes(votersOf(...answers), { address: ADDRESS });
        for (const [i, name] of SCORER_NAMES.entries()) {
          if (i !== position) expect(ballot.votes[name]).toEqual(VALID);
        }
        await new Promise(setImmediate);
      }),
      { numRuns: 200 },
    );
  });

  it('admits verdicts of no more bytes than stated', () => {
    const worst = '\u0001'.repeat(LONGEST_REASONING);
    const names = Array.from({ length: MOST_FEATURES }, (_, n) =>
      `${String.fromCharCode(0xd800 + n)}`.padEnd(LONGEST_FEATURE_NAME, '\u0001'),
    );
    const number = Math.SQRT1_2 * 1e-300;
    const vote = {
      score: number,
      confidence: number,
      reasoning: worst,
      features: Object.fromEntries(names.map((name) => [name, -number])),
    };
    const give = () => vote;

    const verdict = createConsensus({ scorers: scorersOf(give, give, give) }).assess({ address: ADDRESS });

    const bytes = Buffer.byteLength(JSON.stringify(verdict));
    expect(bytes).toBeLessThanOrEqual(LARGEST_VERDICT_BYTES);
    expect(bytes).toBeGreaterThan(0.97 * LARGEST_VERDICT_BYTES);
  });
});

/** JSON has no -0. */
function withoutMinusZero(value: unknown): unknown {
  if (typeof value === 'number') return value + 0;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutMinusZero(inner)]));
}

function freeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner);
  return Object.freeze(value);
}
