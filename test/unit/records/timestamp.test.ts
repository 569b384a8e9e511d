import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCanonicalTime, parseTimestamp } from '../../../lib/records/timestamp.ts';

describe('parseTimestamp', () => {
  it.each<[string, unknown, number]>([
    ['zero', 0, 0],
    ['seconds counted from zero', 3.25, 3.25],
    ['epoch seconds', 1_664_462_456, 1_664_462_456],
    ['microseconds', 1_664_462_456.755299, 1_664_462_456.755299],
    ['nanoseconds, cut to microseconds', 1.1234567891, 1.123457],
    ['the end of the year 9999', 253_402_300_799, 253_402_300_799],
    ['UTC', '2022-09-29T14:40:56Z', 1_664_462_456],
    ['lower case', '2022-09-29t14:40:56z', 1_664_462_456],
    ['a space for the T', '2022-09-29 14:40:56Z', 1_664_462_456],
    ['no offset, which means UTC', '2022-09-29T14:40:56', 1_664_462_456],
    ['an offset with a colon', '2022-09-29T16:40:56+02:00', 1_664_462_456],
    ['an offset without a colon', '2022-09-29T16:40:56+0200', 1_664_462_456],
    ['an offset in hours', '2022-09-29T16:40:56+02', 1_664_462_456],
    ['an offset with half hours', '2022-09-29T20:10:56+05:30', 1_664_462_456],
    ['an offset to the west', '2022-09-29T09:40:56-05:00', 1_664_462_456],
    ['milliseconds in ISO 8601', '2022-09-29T14:40:56.755Z', 1_664_462_456.755],
    ['microseconds in ISO 8601', '2022-09-29T14:40:56.755299Z', 1_664_462_456.755299],
    ['nanoseconds in ISO 8601', '2022-09-29T14:40:56.755299400Z', 1_664_462_456.755299],
    ['a decimal comma', '2022-09-29T14:40:56,5Z', 1_664_462_456.5],
    ['29 February of a leap year', '2024-02-29T00:00:00Z', 1_709_164_800],
    ['the epoch', '1970-01-01T00:00:00Z', 0],
  ])('reads %s', (_, value, expected) => {
    const seconds = parseTimestamp(value);

    expect(seconds).toBe(expected);
  });

  it.each<[string, unknown, string]>([
    ['milliseconds', 1_664_462_456_755, 'milliseconds or microseconds'],
    ['microseconds', 1_664_462_456_755_299, 'milliseconds or microseconds'],
    ['the year 10000', 253_402_300_800, 'before the year 10000'],
    ['a negative number', -1, 'from 1970 on'],
    ['a year before 1970', '1969-12-31T23:59:59Z', 'from 1970 on'],
    ['NaN', Number.NaN, 'expected epoch seconds or an ISO 8601 time'],
    ['infinity', Number.POSITIVE_INFINITY, 'expected epoch seconds or an ISO 8601 time'],
    ['null', null, 'expected epoch seconds or an ISO 8601 time'],
    ['undefined', undefined, 'expected epoch seconds or an ISO 8601 time'],
    ['a boolean', true, 'expected epoch seconds or an ISO 8601 time'],
    ['an object', {}, 'expected epoch seconds or an ISO 8601 time'],
    ['digits in a string', '1664462456', 'expected epoch seconds or an ISO 8601 time'],
    ['an empty string', '', 'expected epoch seconds or an ISO 8601 time'],
    ['30 February', '2022-02-30T00:00:00Z', 'expected epoch seconds or an ISO 8601 time'],
    ['29 February of a common year', '2023-02-29T00:00:00Z', 'expected epoch seconds or an ISO 8601 time'],
    ['a 13th month', '2022-13-01T00:00:00Z', 'expected epoch seconds or an ISO 8601 time'],
    ['hour 25', '2022-09-29T25:00:00Z', 'expected epoch seconds or an ISO 8601 time'],
    ['an offset of 25 hours', '2022-09-29T00:00:00+25:00', 'expected epoch seconds or an ISO 8601 time'],
    ['a date alone', '2022-09-29', 'expected epoch seconds or an ISO 8601 time'],
    [
      'ten fractional digits',
      '2022-09-29T00:00:00.0123456789Z',
      'expected epoch seconds or an ISO 8601 time',
    ],
    ['white space around it', ' 2022-09-29T00:00:00Z', 'expected epoch seconds or an ISO 8601 time'],
    ['text of another format', 'Thu, 29 Sep 2022 14:40:56 GMT', 'expected epoch seconds or an ISO 8601 time'],
  ])('refuses %s', (_, value, message) => {
    const parse = () => parseTimestamp(value);

    expect(parse).toThrow(RangeError);
    expect(parse).toThrow(message);
  });

  it('takes the times of a day that the language takes, on this day and after another', () => {
    const part = fc.integer({ min: 0, max: 61 }).map((number) => String(number).padStart(2, '0'));
    const hour = fc.integer({ min: 0, max: 25 }).map((number) => String(number).padStart(2, '0'));
    const date = fc.constantFrom('2024-02-28', '2024-02-29', '2023-02-29', '2026-12-31', '2026-13-01');
    const offset = fc.constantFrom('Z', '+02:00', '-05:30', '+24:00');
    fc.assert(
      fc.property(date, hour, part, part, offset, (day, hours, minutes, seconds, zone) => {
        const text = `${day}T${hours}:${minutes}:${seconds}${zone}`;
        const isDate = Number(day.slice(5, 7)) < 13 && day !== '2023-02-29';
        const expected = isDate ? Date.parse(text) / 1000 : Number.NaN;

        if (Number.isNaN(expected)) expect(() => parseTimestamp(text)).toThrow(RangeError);
        else expect(parseTimestamp(text)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing the second time, up to its last second', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 253_402_300_799, noNaN: true }), (seconds) => {
        const once = parseTimestamp(seconds);

        expect(parseTimestamp(once)).toBe(once);
      }),
    );
  });

  it('reads a time as ISO 8601 as it reads it as a number', () => {
    const wholeMilliseconds = fc.integer({ min: 0, max: 4_102_444_800_000 });
    fc.assert(
      fc.property(wholeMilliseconds, (milliseconds) => {
        const iso = new Date(milliseconds).toISOString();

        expect(parseTimestamp(iso)).toBe(parseTimestamp(milliseconds / 1000));
      }),
    );
  });
});

describe('a time that was read', () => {
  it.each([4_334_525_370.383, 2 ** 32 - 0.000001, 2 ** 32 + 0.1234567, 253_402_300_798.999])(
    'reads the same again: %d',
    (seconds) => {
      const once = parseTimestamp(seconds);

      expect(parseTimestamp(once)).toBe(once);
      expect(isCanonicalTime(once)).toBe(true);
    },
  );
});
