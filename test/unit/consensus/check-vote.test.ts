import { describe, expect, it } from 'vitest';
import { copyVote, isValid } from '../../../lib/consensus/check-vote.ts';
import type { Vote } from '../../../lib/consensus/vote.ts';
import { VALID } from './hostile-scorers.ts';

describe.each([
  { name: 'of a scorer of the engine', isAccepted: (vote: unknown) => isValid(vote as Vote) },
  { name: 'of any other', isAccepted: (vote: unknown) => typeof copyVote(vote) === 'object' },
])('a vote $name', ({ isAccepted }) => {
  it.each<{ name: string; vote: unknown; expected: boolean }>([
    { name: 'sound', vote: VALID, expected: true },
    { name: 'at the lower ends', vote: { ...VALID, score: 0, confidence: 0 }, expected: true },
    { name: 'at the upper ends', vote: { ...VALID, score: 1, confidence: 1 }, expected: true },
    { name: 'none', vote: undefined, expected: false },
    { name: 'null', vote: null, expected: false },
    { name: 'with a score below', vote: { ...VALID, score: -0.001 }, expected: false },
    { name: 'with a score above', vote: { ...VALID, score: 1.001 }, expected: false },
    { name: 'with a score that is text', vote: { ...VALID, score: '0.5' }, expected: false },
    { name: 'with a confidence above', vote: { ...VALID, confidence: 1.001 }, expected: false },
    { name: 'without a confidence', vote: { ...VALID, confidence: undefined }, expected: false },
    { name: 'without reasoning', vote: { ...VALID, reasoning: undefined }, expected: false },
  ])('$name: accepted is $expected', ({ vote, expected }) => {
    expect(isAccepted(vote)).toBe(expected);
  });
});

describe('the bounds of a vote', () => {
  it('admit 64 features', () => {
    const features = Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`f${n}`, n]));

    expect(copyVote({ ...VALID, features })).toEqual({ ...VALID, features });
  });

  it('cut the reasoning after 500 characters', () => {
    expect(copyVote({ ...VALID, reasoning: `${'x'.repeat(500)}y` })).toEqual({
      ...VALID,
      reasoning: 'x'.repeat(500),
    });
  });

  it('admit a name of 64 characters and none of 65', () => {
    expect(copyVote({ ...VALID, features: { ['x'.repeat(64)]: 1 } })).toBeTypeOf('object');
    expect(copyVote({ ...VALID, features: { ['x'.repeat(65)]: 1 } })).toBeTypeOf('string');
  });

  it('replace half a character, which could not be stored', () => {
    expect(copyVote({ ...VALID, reasoning: '\ud800 odd' })).toMatchObject({ reasoning: '\ufffd odd' });
  });
});
