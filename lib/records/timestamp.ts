/** The end of the year 9999 in epoch seconds, the latest time that ISO 8601 can write with a four-digit year. */
const LATEST = 253_402_300_799;

const ISO_8601 =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?(?:Z|([+-]\d{2}):?(\d{2})?)?$/i;

/**
 * Reads an event time: a number of epoch seconds, or ISO 8601 with any form of offset (`Z`, `+02:00`, `+0200`,
 * `+02`; none means UTC) and up to nine fractional digits, of which microseconds are kept, from 2106 on milliseconds.
 *
 * Times counted from zero and times in the far future are valid: sensors write both. Leap seconds (`:60`) are not.
 *
 * @returns epoch seconds from 0 to the end of the year 9999
 * @throws RangeError saying what was expected
 */
export function parseTimestamp(value: unknown): number {
  const seconds = typeof value === 'string' ? parseIso(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) {
    throw new RangeError('expected epoch seconds or an ISO 8601 time');
  }
  if (seconds < 0) throw new RangeError('expected a time from 1970 onwards');
  if (seconds > LATEST) {
    throw new RangeError(
      'expected epoch seconds before the year 10000; is this milliseconds or microseconds?',
    );
  }
  return rounded(seconds);
}

/** Reads an ISO 8601 time like `parseTimestamp`. @returns undefined instead of throwing */
export function epochSecondsOf(text: string): number | undefined {
  const seconds = parseIso(text);
  return seconds !== undefined && seconds >= 0 && seconds <= LATEST ? rounded(seconds) : undefined;
}

/** Whether `parseTimestamp` would return the value unchanged. */
export function isCanonicalTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= LATEST && rounded(value) === value;
}

function parseIso(text: string): number | undefined {
  const match = ISO_8601.exec(text);
  if (match === null) return undefined;
  const [, date = '', time = '', fraction = '0', offsetHours, offsetMinutes = '00'] = match;
  const offset = offsetHours === undefined ? 'Z' : `${offsetHours}:${offsetMinutes}`;
  const midnight = midnightOf(date, offset);
  const seconds = secondsOfDay(time);
  if (midnight === undefined || seconds === undefined) return undefined;
  return midnight + seconds + Number(`0.${fraction}`);
}

/** The last date parsed: a log has thousands of times of one day in a row, and parsing a date is slow. */
let last: { readonly date: string; readonly offset: string; readonly seconds: number | undefined } = {
  date: '',
  offset: '',
  seconds: undefined,
};

function midnightOf(date: string, offset: string): number | undefined {
  if (last.date !== date || last.offset !== offset) {
    const milliseconds = Date.parse(`${date}T00:00:00${offset}`);
    const isDate = !Number.isNaN(milliseconds) && isCalendarDate(date);
    last = { date, offset, seconds: isDate ? milliseconds / 1000 : undefined };
  }
  return last.seconds;
}

/** `Date.parse` rolls 30 February over to March; a sensor that writes it is faulty. */
function isCalendarDate(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

/** Seconds since midnight; 24:00:00 is the end of the day. */
function secondsOfDay(time: string): number | undefined {
  const [hours, minutes, seconds] = [
    Number(time.slice(0, 2)),
    Number(time.slice(3, 5)),
    Number(time.slice(6)),
  ];
  const total = hours * 3_600 + minutes * 60 + seconds;
  return minutes < 60 && seconds < 60 && total <= SECONDS_PER_DAY ? total : undefined;
}

const SECONDS_PER_DAY = 86_400;

/**
 * In 2106. From then on neighbouring doubles are more than a microsecond apart, so rounding twice could give a
 * different value.
 */
const END_OF_MICROSECONDS = 2 ** 32;

/** Drops digits that a double can't hold: below the microsecond, and in the far future below the millisecond. */
function rounded(seconds: number): number {
  const parts = seconds < END_OF_MICROSECONDS ? 1e6 : 1e3;
  return Math.round(seconds * parts) / parts;
}
