import { InvalidArgumentError } from 'commander';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSeen, parseSince } from '../../../../lib/cli/options/time-range.ts';
import { arrivalSince, seenRangeOf } from '../../../../lib/cli/use/seen-range.ts';
import { until } from '../../../../lib/cli/use/time-range.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const MINUTE = 60_000;
const DAY = 86_400_000;
const LONGEST = 3_650 * DAY;

describe('the start of a time range', () => {
  it.each([
    ['0m', NOW],
    ['1m', NOW - MINUTE],
    ['90m', NOW - 90 * MINUTE],
    ['24h', NOW - DAY],
    ['7d', NOW - 7 * DAY],
    ['2w', NOW - 14 * DAY],
    ['007d', NOW - 7 * DAY],
    ['3650d', NOW - LONGEST],
    ['2026-02-28', Date.parse('2026-02-28T00:00:00Z')],
    ['2026-02-28T23:30:00Z', Date.parse('2026-02-28T23:30:00Z')],
    ['2026-02-28T23:30:00', Date.parse('2026-02-28T23:30:00Z')],
    ['2026-02-28 23:30:00.5+02:00', Date.parse('2026-02-28T21:30:00.500Z')],
    ['2026-03-01T12:00:00Z', NOW],
  ])('%s', (text, expected) => {
    expect(parseSince(text, NOW)).toBe(expected);
  });

  it.each(['3651d', '999999w', '1970-01-01'])('is never more than ten years back: %s', (text) => {
    expect(() => parseSince(text, NOW)).toThrow('more than 3650 days ago: nothing is kept that long');
  });

  it.each([
    '',
    ' ',
    '24',
    'h',
    '24H',
    '24 h',
    ' 24h',
    '1.5h',
    '-1h',
    '+1h',
    '1e3m',
    '1234567m',
    '1s',
    '1y',
    'yesterday',
    '2026-02',
    '2026-02-30',
    '2026-02-28T25:00:00Z',
    '1772366400',
    '24h\n',
  ])('refuses %j and says what it expects', (text) => {
    const parse = () => parseSince(text, NOW);

    expect(parse).toThrow(InvalidArgumentError);
    expect(parse).toThrow('expected 90m, 24h, 7d, 2w or a time such as 2026-01-31T12:00:00Z.');
  });

  it.each(['2026-03-01T12:00:01Z', '2026-03-02', '9999-12-31'])('refuses the future: %s', (text) => {
    expect(() => parseSince(text, NOW)).toThrow('that is in the future.');
  });

  it('reads back any time of the last ten years', () => {
    fc.assert(
      fc.property(fc.integer({ min: NOW - LONGEST, max: NOW }), (timeMs) => {
        expect(parseSince(new Date(timeMs).toISOString(), NOW)).toBe(timeMs);
      }),
    );
  });

  it('goes by the clock where none is given', () => {
    const before = Date.now();

    const since = parseSince('1h');

    expect(since).toBeGreaterThanOrEqual(before - 60 * MINUTE);
    expect(since).toBeLessThanOrEqual(Date.now() - 60 * MINUTE);
  });
});

it('a range ends a minute ahead, for a queue whose clock is', () => {
  expect(until(NOW, NOW - DAY)).toEqual({ fromMs: NOW - DAY, toMs: NOW + MINUTE, nowMs: NOW });
});

describe('the time of an event', () => {
  it.each([
    ['24h', NOW - DAY],
    ['9999w', NOW - 9_999 * 7 * DAY],
    ['1999-12-31', Date.parse('1999-12-31T00:00:00Z')],
    ['2026-03-02', Date.parse('2026-03-02T00:00:00Z')],
  ])('%s, however far away', (text, expected) => {
    expect(parseSeen(text, NOW)).toBe(expected);
  });

  it('is a time', () => {
    expect(() => parseSeen('yesterday', NOW)).toThrow(InvalidArgumentError);
  });
});

describe('from when on arrivals are looked through', () => {
  it.each([
    [{}, 7 * DAY],
    [{ since: NOW - 5 }, 5],
    [{ seenSince: 0 }, 90 * DAY],
    [{ seenUntil: NOW }, 90 * DAY],
    [{ since: NOW - 5, seenSince: 0 }, 5],
  ])('%j', (options, agoMs) => {
    expect(arrivalSince(options, 7 * DAY, NOW)).toBe(NOW - agoMs);
  });

  it('a range of events does not end before it begins', () => {
    expect(() => seenRangeOf({ seenSince: 5, seenUntil: 5 })).toThrow('--seen-until must be later');
  });
});
