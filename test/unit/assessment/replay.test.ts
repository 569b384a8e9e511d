import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAssess } from '../../../lib/assessment/assess.ts';
import { changeOf, Replay, type ReplayResult } from '../../../lib/assessment/replay.ts';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import type { ScoringInput } from '../../../lib/consensus/scoring-input.ts';
import { DEFAULT_SETTINGS, MODES, type Settings } from '../../../lib/cutover/settings.ts';
import { legacyScore } from '../../../lib/reputation/legacy-score.ts';
import type { StoredScoring } from '../../../lib/store/read-address-items.ts';
import type { SettingsStamp } from '../../../lib/store/settings-stamp.ts';
import { plainAssessment } from '../../factories/assessments.ts';

const CONSENSUS: Settings = { ...DEFAULT_SETTINGS, mode: 'consensus' };
const LEGACY: Settings = { ...DEFAULT_SETTINGS, mode: 'legacy' };

function inputOf(n: number): ScoringInput {
  const virustotal = { malicious_vendors: n % 60, total_vendors: 94 };
  return { address: `198.51.100.${n}`, dst_port: 22, protocol: 'tcp', threat_intel: { virustotal } };
}

/** What the service would have stored of an input under given settings. */
function stored(input: ScoringInput, settings: Settings): StoredScoring {
  const assess = createAssess({ consensus: createConsensus({ settings }), legacyScore, cutover: settings });
  const { mode, consensusPercent, maliciousThreshold } = settings;
  const stamp: SettingsStamp = { mode, consensusPercent, version: 1, maliciousThreshold };
  return { input, assessment: assess(input), settings: stamp };
}

function replayed(all: readonly StoredScoring[], settings: Settings): ReplayResult {
  const replay = new Replay(settings);
  for (const each of all) replay.add(each);
  return replay.result;
}

const INPUTS = Array.from({ length: 60 }, (_, n) => inputOf(n));

describe('a replay', () => {
  it('by the same settings and engine changes nothing', () => {
    const settings: fc.Arbitrary<Settings> = fc.record({
      ...Object.fromEntries(
        Object.entries(DEFAULT_SETTINGS).map(([key, value]) => [key, fc.constant(value)]),
      ),
      mode: fc.constantFrom(...MODES),
      consensusPercent: fc.integer({ min: 0, max: 100 }),
      minScorers: fc.integer({ min: 1, max: 3 }),
      maliciousThreshold: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
    }) as never;
    fc.assert(
      fc.property(settings, (given) => {
        const result = replayed(
          INPUTS.map((input) => stored(input, given)),
          given,
        );

        expect(result).toMatchObject({ replayed: 60, changed: 0, diverging: 0, largest: [] });
        expect(result.before).toEqual(result.after);
        expect([result.flips[0]?.[1], result.flips[1]?.[0]]).toEqual([0, 0]);
      }),
      { numRuns: 20 },
    );
  });

  it('of the legacy mode shows what the consensus would have said', () => {
    const result = replayed(
      INPUTS.map((input) => stored(input, LEGACY)),
      CONSENSUS,
    );

    expect(result.scored_by).toEqual({
      consensus: { before: 0, after: 60 },
      legacy: { before: 60, after: 0 },
      fallback: { before: 0, after: 0 },
    });
    const maliciousThen = INPUTS.filter((input) => legacyScore(input).score >= 0.7).length;
    const consensus = createConsensus();
    const maliciousNow = INPUTS.filter((input) => {
      const verdict = consensus.assess(input);
      return verdict.method === 'median' && verdict.consensus_score >= 0.7;
    }).length;
    expect(result.before).toMatchObject({ malicious: maliciousThen, consensus_assessments: 0 });
    expect(result.after).toMatchObject({ malicious: maliciousNow, consensus_assessments: 60 });
    expect(maliciousNow).toBeGreaterThan(maliciousThen);
    expect(result.flips.flat().reduce((sum, count) => sum + count)).toBe(60);
    expect(result.change_histogram.reduce((sum, count) => sum + count)).toBe(60);
  });

  it('judges what was malicious then by the threshold of then', () => {
    const strict = { ...CONSENSUS, maliciousThreshold: 1 };
    const all = INPUTS.map((input) => stored(input, CONSENSUS));

    const result = replayed(all, strict);

    expect(result.changed).toBe(0);
    expect(result.before.malicious).toBeGreaterThan(0);
    expect(result.after.malicious).toBe(0);
    expect(result.flips[1]?.[0]).toBe(result.before.malicious);
    // What an item does not say is the usual threshold.
    const unstamped = all.map(({ input, assessment }) => ({ input, assessment }));
    expect(replayed(unstamped, strict)).toEqual(result);
  });

  it('names the largest changes, one an address, and the engines of then', () => {
    const changes = Array.from({ length: 40 }, (_, n) => ({
      input: { ...inputOf(n % 20), dst_port: n },
      assessment: plainAssessment({ threat_score: n / 40, engine_version: n < 10 ? '0.9.0' : '1.0.0' }),
    }));

    const { largest, engine_versions } = replayed(changes, LEGACY);

    const sizes = largest.map(changeOf);
    expect(largest).toHaveLength(10);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(new Set(largest.map(({ address }) => address)).size).toBe(10);
    expect(engine_versions).toEqual({ '0.9.0': 10, '1.0.0': 30 });
  });

  it('of nothing is nothing', () => {
    expect(replayed([], CONSENSUS)).toMatchObject({ replayed: 0, changed: 0, largest: [] });
  });
});
