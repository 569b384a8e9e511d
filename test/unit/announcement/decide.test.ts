import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnnouncementSettings,
  DEFAULT_ANNOUNCEMENT_SETTINGS,
} from '../../../lib/announcement/announcement-settings.ts';
import { decide } from '../../../lib/announcement/decide.ts';
import { type Decided, readDecided, writeDecided } from '../../../lib/announcement/decided.ts';
import type { Sighting } from '../../../lib/announcement/sighting.ts';
import { plainAssessment } from '../../factories/assessments.ts';
import { HOUR_MS, knock, SEEN_AT_MS, sighting } from '../../factories/sightings.ts';

const DEFAULTS = DEFAULT_ANNOUNCEMENT_SETTINGS;

function settings(changes: Partial<AnnouncementSettings> = {}): AnnouncementSettings {
  return { ...DEFAULTS, ...changes };
}

/** Decides on sightings one after the other; silent decisions are in brackets. */
function kindsOf(sightings: readonly Sighting[], by = DEFAULTS): (string | undefined)[] {
  let decided: Decided = {};
  return sightings.map((each) => {
    const made = decide(decided, each, by);
    if (made === undefined) return undefined;
    decided = { ...decided, [made.kind]: made.decision };
    return made.decision.isSilent ? `(${made.kind})` : made.kind;
  });
}

const hoursLater = (hours: number, changes: Parameters<typeof sighting>[0] = {}) =>
  sighting({ ingestedAtMs: SEEN_AT_MS + hours * HOUR_MS, ...changes });

describe('what is announced', () => {
  it.each<[string, Sighting, Partial<AnnouncementSettings>, string | undefined]>([
    ['a host that calls a malicious address', sighting(), {}, 'new-malicious'],
    [
      'one that is malicious by a threshold of its own',
      sighting({ score: 0.6, maliciousThreshold: 0.6 }),
      {},
      'new-malicious',
    ],
    ['nothing below the threshold', sighting({ score: 0.69 }), {}, undefined],
    ['nothing below the minimum score', sighting(), { minimumScore: 0.81 }, undefined],
    ['what reaches the minimum score', sighting(), { minimumScore: 0.8 }, 'new-malicious'],
    ['an answered address from outside', knock({ answered: 1 }), {}, 'new-malicious'],
    ['no unanswered one, which anybody can forge', knock(), {}, undefined],
    ['no one of which nobody knows whether it was answered', knock({ tellsAnswers: false }), {}, undefined],
    [
      'an unanswered one where it is asked for',
      knock(),
      { directions: ['inbound-unanswered'] },
      'new-malicious',
    ],
    ['no direction that is not named', sighting(), { directions: ['inbound-answered'] }, undefined],
    [
      'what is between networks unknown to the sensor',
      sighting({ direction: 'external' }),
      {},
      'new-malicious',
    ],
    ['nothing that stays inside', sighting({ direction: 'internal' }), {}, undefined],
    ['nothing by a score that stands in for one', fallback(), {}, undefined],
    ['a kind that is not named silently', sighting(), { kinds: ['worse'] }, '(new-malicious)'],
    ['nothing by the legacy score', sighting({ usesConsensus: false, consensusScore: 0.2 }), {}, undefined],
    [
      'that where it is asked for',
      sighting({ usesConsensus: false, consensusScore: 0.2 }),
      { withLegacy: true },
      'new-malicious',
    ],
    [
      'the shadow silently',
      sighting({ usesConsensus: false, score: 0.2, consensusScore: 0.8 }),
      {},
      '(new-malicious)',
    ],
  ])('is %s', (_, given, changes, expected) => {
    expect(kindsOf([given], settings(changes))).toEqual([expected]);
  });

  it.each<[string, Sighting[], (string | undefined)[]]>([
    ['once a day', [hoursLater(0), hoursLater(1), hoursLater(23.9)], ['new-malicious', undefined, undefined]],
    ['again after the quiet period', [hoursLater(0), hoursLater(24)], ['new-malicious', 'new-malicious']],
    ['what is worse by 0.1', [hoursLater(0), hoursLater(1, { score: 0.9 })], ['new-malicious', 'worse']],
    [
      'nothing that is worse by less',
      [hoursLater(0), hoursLater(1, { score: 0.89 })],
      ['new-malicious', undefined],
    ],
    [
      'what is worse once a day',
      [hoursLater(0, { score: 0.7 }), hoursLater(1), hoursLater(2, { score: 0.95 })],
      ['new-malicious', 'worse', undefined],
    ],
    [
      'a call from inside after an answered one from outside',
      [hoursLater(0, { direction: 'inbound' }), hoursLater(1)],
      ['new-malicious', 'worse'],
    ],
    [
      'no answered one from outside after a call',
      [hoursLater(0), hoursLater(1, { direction: 'inbound' })],
      ['new-malicious', undefined],
    ],
    [
      'nothing of what arrived before',
      [hoursLater(0), hoursLater(-30), hoursLater(-30, { score: 0.8 })],
      ['new-malicious', undefined, undefined],
    ],
    [
      'nothing new where the mode changes after the shadow knew it',
      [
        hoursLater(0, { usesConsensus: false, score: 0.2, consensusScore: 0.8 }),
        hoursLater(1),
        hoursLater(2, { score: 0.9 }),
      ],
      ['(new-malicious)', undefined, 'worse'],
    ],
    [
      'nothing new where the mode goes back and forth',
      [
        hoursLater(0),
        hoursLater(1, { usesConsensus: false, score: 0.2, consensusScore: 0.8 }),
        hoursLater(2),
      ],
      ['new-malicious', undefined, undefined],
    ],
  ])('is, of what follows, %s', (_, given, expected) => {
    expect(kindsOf(given)).toEqual(expected);
  });

  it('says how bad it was before, where it is worse', () => {
    const first = decide({}, hoursLater(0), DEFAULTS);
    const worse = decide(
      { ...(first && { 'new-malicious': first.decision }) },
      hoursLater(1, { score: 0.95 }),
      DEFAULTS,
    );

    expect([first?.previousScore, worse?.previousScore]).toEqual([undefined, 0.8]);
  });

  it('is not what a human cleared, until it is worse', () => {
    const cleared = {
      ...hoursLater(1),
      finding: 'f',
      atMs: SEEN_AT_MS + HOUR_MS,
      score: 0.8,
      direction: 'outbound' as const,
    };
    const known = { ...cleared, atMs: SEEN_AT_MS };
    const decided = { 'new-malicious': known, cleared };

    expect(decide(decided, hoursLater(48), DEFAULTS)).toBeUndefined();
    expect(decide(decided, hoursLater(48, { score: 0.9 }), DEFAULTS)?.kind).toBe('new-malicious');
  });
});

function fallback(): Sighting {
  const given = sighting({ score: 0.5, maliciousThreshold: 0.4 });
  return { ...given, assessment: plainAssessment({ ...given.assessment, scored_by: 'fallback' }) };
}

/** Sightings of one address on several days, in any order. */
const sightings = fc.array(
  fc
    .record({
      hours: fc.integer({ min: 0, max: 24 * 5 }),
      score: fc.constantFrom(0.2, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 1),
      direction: fc.constantFrom('outbound' as const, 'inbound' as const),
      answered: fc.constantFrom(0, 3),
      usesConsensus: fc.boolean(),
    })
    .map(({ hours, score, usesConsensus, ...shape }) =>
      hoursLater(hours, {
        ...shape,
        usesConsensus,
        score: usesConsensus ? score : 0.2,
        consensusScore: score,
      }),
    ),
  { maxLength: 40 },
);

describe('decisions', () => {
  it('are at most one of a kind in the quiet period', () => {
    fc.assert(
      fc.property(sightings, fc.constantFrom(1, 24, 48), (given, quietHours) => {
        const last = new Map<string, number>();
        let decided: Decided = {};
        for (const each of given) {
          const made = decide(decided, each, settings({ quietHours }));
          if (made === undefined) continue;
          const before = last.get(made.kind);
          if (before !== undefined) {
            expect(made.decision.atMs - before).toBeGreaterThanOrEqual(quietHours * HOUR_MS);
          }
          last.set(made.kind, made.decision.atMs);
          decided = { ...decided, [made.kind]: made.decision };
        }
      }),
    );
  });

  it('are none for what is delivered again, whenever that is and whatever came between', () => {
    fc.assert(
      fc.property(sightings, fc.infiniteStream(fc.nat()), (given, places) => {
        let decided: Decided = {};
        for (const each of given) {
          const made = decide(decided, each, DEFAULTS);
          if (made !== undefined) decided = { ...decided, [made.kind]: made.decision };
        }
        for (const place of places.take(5)) {
          const again = given[place % Math.max(1, given.length)];
          if (again === undefined) continue;
          expect(decide(decided, again, DEFAULTS)).toBeUndefined();
        }
      }),
    );
  });

  it('are never open for what nobody answered, or by a score that is not in use', () => {
    fc.assert(
      fc.property(sightings, (given) => {
        const kinds = kindsOf(given);
        for (const [place, { direction, answered, usesConsensus }] of given.entries()) {
          if ((direction === 'inbound' && answered === 0) || !usesConsensus) {
            expect(['new-malicious', 'worse']).not.toContain(kinds[place]);
          }
        }
      }),
    );
  });

  it('are read as they were written, and damaged ones count as none', () => {
    const decided = { worse: { atMs: 1, score: 0.9, direction: 'outbound' as const, finding: 'f' } };

    expect(readDecided(writeDecided(decided))).toEqual(decided);
    expect(['', 'null', '7', '{'].map(readDecided)).toEqual([{}, {}, {}, {}]);
  });
});
