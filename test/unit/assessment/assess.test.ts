import { describe, expect, it, vi } from 'vitest';
import { createAssess } from '../../../lib/assessment/assess.ts';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import { ENGINE_VERSION } from '../../../lib/consensus/engine-version.ts';
import type { ScoringInput } from '../../../lib/consensus/scoring-input.ts';
import { type Cutover, canaryPlace } from '../../../lib/cutover/canary.ts';
import { type LegacyScore, legacyScore } from '../../../lib/cutover/legacy-score.ts';
import { failingScorer, fixedScorer, vote } from '../../factories/assessments.ts';

const input: ScoringInput = {
  address: '8.8.8.8',
  dst_port: 53,
  protocol: 'udp',
  direction: 'outbound',
  threat_intel: { abuseipdb: { confidence_score: 90, total_reports: 7 } },
  geo_data: { country_code: 'US' },
  report_age_days: 4,
};

const working = createConsensus({
  scorers: [
    fixedScorer('statistical', { score: 0.1 }),
    fixedScorer('rule_based', { score: 0.2 }),
    fixedScorer('ml_based', { score: 0.9 }),
  ],
});
const failing = createConsensus({
  scorers: [failingScorer('statistical'), failingScorer('rule_based'), fixedScorer('ml_based')],
});

describe('createAssess', () => {
  it('takes the consensus score, and keeps what the scorers saw but for the endpoint', () => {
    const assess = createAssess({ consensus: working, legacyScore });

    const assessment = assess(input);

    expect(assessment).toEqual({
      ...working.assess(input),
      threat_score: 0.2,
      scored_by: 'consensus',
      engine_version: ENGINE_VERSION,
      input: { threat_intel: input.threat_intel, geo_data: input.geo_data, report_age_days: 4 },
    });
  });

  it('does not ask the legacy scorer where there is a consensus', () => {
    const legacy = vi.fn(legacyScore);

    createAssess({ consensus: working, legacyScore: legacy })(input);

    expect(legacy).not.toHaveBeenCalled();
  });

  it('takes the legacy score where there is no consensus', () => {
    const legacy = vi.fn((): LegacyScore => ({ score: 0.9, source: 'abuseipdb' }));
    const assess = createAssess({ consensus: failing, legacyScore: legacy });

    const assessment = assess(input);

    expect(legacy).toHaveBeenCalledExactlyOnceWith(input);
    expect(assessment).toMatchObject({
      threat_score: 0.9,
      scored_by: 'legacy',
      legacy_score: 0.9,
      method: 'failed',
      reason: '1 of 3 scorers gave a valid vote, 2 required',
      votes: { ml_based: vote() },
      input: { report_age_days: 4 },
    });
  });

  it.each([
    ['an error', new Error('no answer'), 'no answer'],
    ['a text', 'no answer', 'no answer'],
  ])('takes 0.5 and says why where the legacy scorer throws %s too', (_, thrown, reason) => {
    const assess = createAssess({
      consensus: failing,
      legacyScore: () => {
        throw thrown;
      },
    });

    const assessment = assess(input);

    expect(assessment).toMatchObject({
      threat_score: 0.5,
      scored_by: 'fallback',
      reason: `1 of 3 scorers gave a valid vote, 2 required; legacy scorer: ${reason}`,
    });
    expect(assessment).not.toHaveProperty('legacy_score');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -0.1, 1.1])(
    'takes a legacy score of %d for a failure',
    (score) => {
      const assess = createAssess({ consensus: failing, legacyScore: () => ({ score, source: 'local' }) });

      expect(assess(input)).toMatchObject({ threat_score: 0.5, scored_by: 'fallback' });
    },
  );

  it.each([0, 1])('takes a legacy score of %d as it is', (score) => {
    const assess = createAssess({ consensus: failing, legacyScore: () => ({ score, source: 'local' }) });

    expect(assess(input)).toMatchObject({ threat_score: score, scored_by: 'legacy', legacy_score: score });
  });

  it('says what is wrong with a legacy score', () => {
    const assess = createAssess({ consensus: failing, legacyScore: () => ({ score: 1.1, source: 'local' }) });

    expect(assess(input)).toMatchObject({
      legacy_failure: '1.1 is not a score from 0 to 1',
      reason: expect.stringMatching(/; legacy scorer: 1\.1 is not a score from 0 to 1$/),
    });
  });

  it('cuts what a scorer throws to two hundred characters', () => {
    const assess = createAssess({
      consensus: working,
      legacyScore: () => {
        throw new Error('x'.repeat(201));
      },
      cutover: { mode: 'parallel', consensusPercent: 100 },
    });

    expect(assess(input)).toMatchObject({ scored_by: 'consensus', legacy_failure: 'x'.repeat(200) });
  });

  it('gives a reason of one short line, whatever the legacy scorer throws', () => {
    const assess = createAssess({
      consensus: failing,
      legacyScore: () => {
        throw new Error(`first\nsecond ${'x'.repeat(100_000)}`);
      },
    });

    const { reason } = assess(input) as { readonly reason: string };

    expect(reason.split('\n')).toHaveLength(1);
    expect(reason.length).toBeLessThan(500);
  });

  it.each([
    ['an error', new Error('no such\ntable'), 'no such table'],
    ['a text', 'no such table', 'no such table'],
    ['what has no text', Object.create(null), 'something that cannot be described'],
  ])('takes the legacy score where the consensus itself throws %s', (_, thrown, text) => {
    const consensus = {
      assess: () => {
        throw thrown;
      },
    };

    const assessment = createAssess({ consensus, legacyScore })(input);

    expect(assessment).toMatchObject({
      threat_score: 0.9,
      scored_by: 'legacy',
      method: 'failed',
      reason: `the consensus threw ${text}`,
      votes: {},
      quorum: 0,
      evidence: ['abuseipdb'],
    });
  });

  it('assesses a bare address', () => {
    const assess = createAssess({ consensus: createConsensus(), legacyScore });

    const assessment = assess({ address: '8.8.8.8' });

    expect(assessment).toMatchObject({ scored_by: 'consensus', evidence: [], input: {} });
  });

  it('gives the same assessment to the last byte for the same input', () => {
    const [one, other] = [1, 2].map(() => createAssess({ consensus: createConsensus(), legacyScore }));

    expect(JSON.stringify(one?.(input))).toBe(JSON.stringify(other?.(structuredClone(input))));
  });
});

describe('createAssess by the settings', () => {
  const legacyFails = (): LegacyScore => {
    throw new Error('no answer');
  };
  const place = canaryPlace(input.address);
  const legacyMode: Cutover = { mode: 'legacy', consensusPercent: 100 };
  const notInCanary: Cutover = { mode: 'parallel', consensusPercent: place };
  const inCanary: Cutover = { mode: 'parallel', consensusPercent: place + 1 };
  const consensusMode: Cutover = { mode: 'consensus', consensusPercent: 0 };

  it.each<[string, Cutover, typeof working, typeof legacyScore, object, number]>([
    ['legacy', legacyMode, working, legacyScore, { scored_by: 'legacy', threat_score: 0.9 }, 0],
    ['legacy', legacyMode, working, legacyFails, { scored_by: 'fallback', threat_score: 0.5 }, 0],
    ['parallel, others', notInCanary, working, legacyScore, { scored_by: 'legacy', threat_score: 0.9 }, 1],
    ['parallel, others', notInCanary, failing, legacyScore, { scored_by: 'legacy', threat_score: 0.9 }, 1],
    ['parallel, others', notInCanary, working, legacyFails, { scored_by: 'consensus', threat_score: 0.2 }, 1],
    ['parallel, others', notInCanary, failing, legacyFails, { scored_by: 'fallback', threat_score: 0.5 }, 1],
    ['parallel, canary', inCanary, working, legacyScore, { scored_by: 'consensus', threat_score: 0.2 }, 1],
    ['parallel, canary', inCanary, failing, legacyScore, { scored_by: 'legacy', threat_score: 0.9 }, 1],
    ['parallel, canary', inCanary, working, legacyFails, { scored_by: 'consensus', threat_score: 0.2 }, 1],
    ['parallel, canary', inCanary, failing, legacyFails, { scored_by: 'fallback', threat_score: 0.5 }, 1],
    ['consensus', consensusMode, working, legacyScore, { scored_by: 'consensus', threat_score: 0.2 }, 1],
    ['consensus', consensusMode, failing, legacyScore, { scored_by: 'legacy', threat_score: 0.9 }, 1],
    ['consensus', consensusMode, failing, legacyFails, { scored_by: 'fallback', threat_score: 0.5 }, 1],
  ])('%s %j', (_, cutover, consensus, legacy, expected, consensusCalls) => {
    const assess = vi.spyOn(consensus, 'assess');

    const assessment = createAssess({ consensus, legacyScore: legacy, cutover })(input);

    expect(assessment).toMatchObject(expected);
    expect(assess).toHaveBeenCalledTimes(consensusCalls);
    assess.mockRestore();
  });

  it('in mode legacy keeps the legacy score, says what was known, and has nobody vote', () => {
    const assess = createAssess({ consensus: working, legacyScore, cutover: legacyMode });

    expect(assess(input)).toEqual({
      threat_score: 0.9,
      scored_by: 'legacy',
      legacy_score: 0.9,
      engine_version: ENGINE_VERSION,
      method: 'none',
      votes: {},
      failures: {},
      evidence: ['abuseipdb'],
      input: { threat_intel: input.threat_intel, geo_data: input.geo_data, report_age_days: 4 },
    });
  });

  it('in mode parallel keeps both scores, whichever is used, and shows both the same input', () => {
    const legacy = vi.fn(legacyScore);
    const consensus = vi.spyOn(working, 'assess');

    for (const cutover of [inCanary, notInCanary]) {
      const assessment = createAssess({ consensus: working, legacyScore: legacy, cutover })(input);

      expect(assessment).toMatchObject({ legacy_score: 0.9, consensus_score: 0.2 });
    }
    expect(legacy.mock.calls).toEqual([[input], [input]]);
    expect(consensus.mock.calls).toEqual([[input], [input]]);
    consensus.mockRestore();
  });

  it('names what kept the legacy scorer from having a score', () => {
    const assessed = [legacyMode, inCanary].map((cutover) =>
      createAssess({ consensus: working, legacyScore: legacyFails, cutover })(input),
    );

    for (const assessment of assessed) {
      expect(assessment).toMatchObject({ legacy_failure: 'no answer' });
      expect(assessment).not.toHaveProperty('legacy_score');
    }
  });
});
