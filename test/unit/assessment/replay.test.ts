import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAssess } from '../../../lib/assessment/assess.ts';
import { changeOf, Replay, type ReplayResult } from '../../../lib/assessment/replay.ts';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import type { ScoringInput } from '../../../lib/consensus/scoring-input.ts';
import { legacyScore } from '../../../lib/cutover/legacy-score.ts';
import { DEFAULT_SETTINGS, MODES, type Settings } from '../../../lib/cutover/settings.ts';
import type { Assessment } from '../../../lib/store/assessment.ts';
import type { StoredScoring } from '../../../lib/store/read-address-items.ts';
import type { SettingsStamp } from '../../../lib/store/settings-stamp.ts';
import { legacyAssessment, plainAssessment } from '../../factories/assessments.ts';

const CONSENSUS: Settings = { ...DEFAULT_SETTINGS, mode: 'consensus' };
const LEGACY: Settings = { ...DEFAULT_SETTINGS, mode: 'legacy' };

function inputOf(n: number): ScoringInput {
  const virustotal = { malicious_vendors: n % 60, total_vendors: 94 };
  return { address: `198.51.100.${n}`, dst_port: 22, protocol: 'tcp', threat_intel: { virustotal } };
}

/** The item that the service would have stored for an input with given settings. */
function stored(input: ScoringInput, settings: Settings): StoredScoring {
  const assess = createAssess({ consensus: createConsensus({ settings }), legacyScore, cutover: settings });
  const { mode, consensusPercent, maliciousThreshold } = settings;
  const stamp: SettingsStamp = { mode, consensusPercent, origin: { source: 'none' }, maliciousThreshold };
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
    // An item without a threshold has the default one.
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

  /** The stored reason, for a legacy score that now comes from a confidence. */
  const moved = (before: number, after: number, n = 0, said: Partial<Assessment> = {}): StoredScoring => ({
    input: {
      ...inputOf(n),
      threat_intel: { abuseipdb: { confidence_score: 100 * after, total_reports: 1 } },
    },
    assessment: legacyAssessment({ threat_score: before, legacy_score: before, ...said }),
  });

  it.each([
    [0.4, 0.4, 0, 0],
    [0.4, 0.4000000001, 0, 0],
    [0.4, 0.41, 1, 0],
    // In floating point, 0.9 and 0.7 differ by more than 0.2.
    [0.7, 0.9, 1, 0],
    [0.9, 0.7, 1, 0],
    [0.7, 0.91, 1, 1],
    [0.91, 0.7, 1, 1],
  ])(
    'from %d to %d counts as changed %i times, as diverging %i times',
    (before, after, changed, diverging) => {
      const settings = { ...LEGACY, divergenceThreshold: 0.2 };

      expect(replayed([moved(before, after)], settings)).toMatchObject({ replayed: 1, changed, diverging });
    },
  );

  it('counts flips by what was malicious before and after', () => {
    const all = [
      ...[1, 2, 3].map(() => moved(0.1, 0.2)),
      moved(0.6, 0.7),
      moved(0.6, 0.8),
      ...[1, 2, 3, 4].map(() => moved(0.7, 0.6)),
      moved(0.9, 0.9),
    ];

    const result = replayed(all, LEGACY);

    expect(result.flips).toEqual([
      [3, 2],
      [4, 1],
    ]);
    expect([result.before.malicious, result.after.malicious]).toEqual([5, 3]);
  });

  it('sorts changes into tenths', () => {
    const moves = [
      [0.5, 0.5],
      [0.5, 0.55],
      [0.5, 0.65],
      [0, 1],
    ] as const;

    const { change_histogram } = replayed(
      moves.map(([before, after]) => moved(before, after)),
      LEGACY,
    );

    expect(change_histogram).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('counts whose score was used, before and after', () => {
    const all = (['consensus', 'fallback', 'fallback'] as const).map((scored_by) =>
      moved(0.5, 0.5, 0, { scored_by }),
    );

    expect(replayed(all, LEGACY).scored_by).toEqual({
      consensus: { before: 1, after: 0 },
      legacy: { before: 0, after: 3 },
      fallback: { before: 2, after: 0 },
    });
  });

  it('shows of an address its largest change, the first of equal ones, and with both assessments', () => {
    const all = [
      moved(0.5, 0.6, 1),
      moved(0.5, 0.9, 2),
      moved(0.5, 0.8, 1),
      moved(0.8, 0.5, 1),
      moved(0.5, 0.7, 1),
    ];

    const { largest } = replayed(all, LEGACY);

    expect(
      largest.map(({ address, before, after }) => [address, before.threat_score, after.threat_score]),
    ).toEqual([
      ['198.51.100.2', 0.5, 0.9],
      ['198.51.100.1', 0.5, 0.8],
    ]);
    expect(largest[0]).toMatchObject({ dst_port: 22, protocol: 'tcp' });
  });

  it('of nothing is nothing', () => {
    expect(replayed([], CONSENSUS)).toMatchObject({ replayed: 0, changed: 0, largest: [] });
  });
});
