import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cutover, effectivePercent } from '../../../lib/cutover/canary.ts';
import {
  type AlarmState,
  cutoverText,
  cutoverTo,
  FORCED_MEANING,
  isForward,
  meaningOf,
  refusal,
} from '../../../lib/cutover/plan-change.ts';
import { MODES } from '../../../lib/cutover/settings.ts';

const LEGACY = cutoverTo('legacy', undefined);
const SHADOW = cutoverTo('parallel', undefined);
const CANARY = cutoverTo('parallel', 25);
const EVERYONE = cutoverTo('parallel', 100);
const CONSENSUS = cutoverTo('consensus', undefined);
const WAY = [LEGACY, SHADOW, CANARY, EVERYONE, CONSENSUS];

const cutover: fc.Arbitrary<Cutover> = fc.record({
  mode: fc.constantFrom(...MODES),
  consensusPercent: fc.integer({ min: 0, max: 100 }),
});

const allowed = (from: Cutover, to: Cutover, alarm?: AlarmState) =>
  refusal({ from, to, alarm }) === undefined;

describe('a change', () => {
  it('of mode leads along one way, forward and back', () => {
    for (const [n, from] of WAY.entries()) {
      for (const [m, to] of WAY.entries()) expect(isForward(from, to)).toBe(m > n);
    }
  });

  it('is never forward both there and back', () => {
    fc.assert(
      fc.property(cutover, cutover, (one, other) => {
        expect(isForward(one, other) && isForward(other, one)).toBe(false);
      }),
    );
  });

  it('back is always possible, whatever the alarm says', () => {
    for (const alarm of ['OK', 'ALARM', 'INSUFFICIENT_DATA', undefined] as const) {
      for (const from of WAY) expect(allowed(from, LEGACY, alarm)).toBe(true);
      expect(allowed(CONSENSUS, CANARY, alarm)).toBe(true);
    }
  });

  it.each(['ALARM', 'INSUFFICIENT_DATA'] as const)('forward is refused while the alarm is %s', (alarm) => {
    for (const to of WAY.slice(1)) {
      expect(refusal({ from: LEGACY, to, alarm })).toBe(
        `the rollback alarm is ${alarm}: wait until it is OK`,
      );
    }
  });

  it('forward is possible step by step while the alarm is OK, or where there is none', () => {
    for (const alarm of ['OK', undefined] as const) {
      for (const [n, to] of WAY.entries())
        expect(allowed(WAY[Math.max(0, n - 1)] ?? LEGACY, to, alarm)).toBe(true);
    }
  });

  it('that skips the mode parallel is refused', () => {
    expect(refusal({ from: LEGACY, to: CONSENSUS, alarm: 'OK' })).toBe(
      'going straight from legacy to consensus compares nothing: go to parallel first',
    );
    expect(allowed(LEGACY, CONSENSUS, 'OK')).toBe(false);
    expect(allowed(SHADOW, CONSENSUS, 'OK')).toBe(true);
  });
});

describe('what a mode asks for', () => {
  it('in parallel begins as a shadow', () => {
    expect(SHADOW).toEqual({ mode: 'parallel', consensusPercent: 0 });
  });

  it('has a percentage that says what it is', () => {
    for (const each of WAY) expect(each.consensusPercent).toBe(effectivePercent(each));
  });

  it.each([
    [LEGACY, 'legacy'],
    [SHADOW, 'parallel 0 %'],
    [CANARY, 'parallel 25 %'],
    [EVERYONE, 'parallel 100 %'],
    [CONSENSUS, 'consensus'],
  ])('is written in short: %j as %s', (given, text) => {
    expect(cutoverText(given)).toBe(text);
  });

  it('says in parallel for whom which score is used', () => {
    expect(meaningOf(LEGACY)).toMatch(/^Only the legacy scorer runs/);
    expect(meaningOf(SHADOW)).toMatch(/^Both scorers run .* the legacy score is used for all addresses/);
    expect(meaningOf(CANARY)).toMatch(
      /^Both scorers run .* consensus score is used for 25 % of remote addresses, the legacy score for the others/,
    );
    expect(meaningOf(EVERYONE)).toMatch(/^Both scorers run .* the consensus score is used for all addresses/);
    expect(meaningOf(CONSENSUS)).toMatch(
      /^The consensus score is used for all .* legacy score where there is no consensus/,
    );
    expect(FORCED_MEANING).toMatch(/^Forced: .* rolls it back the next time the alarm goes off\.$/);
  });

  it('means something else each time, in a sentence', () => {
    const sentences = WAY.map(meaningOf);

    expect(new Set(sentences).size).toBe(WAY.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^.\n]+\.$/);
  });
});
