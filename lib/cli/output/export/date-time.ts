/** Formats a point in time, given as epoch seconds. */
export type DateTime = (seconds: number) => string;

/** ISO 8601 in UTC with its zone, to the microsecond: `2026-09-21T14:13:20.123456Z`. */
export const zonedDateTime: DateTime = (seconds) => `${legacyDateTime(seconds).replace(' ', 'T')}Z`;

/**
 * A point in time in the form that SQLite's date functions and spreadsheets read and the legacy system wrote, in UTC,
 * to the microsecond: `2026-09-21 14:13:20.123456`.
 *
 * @param seconds epoch seconds, 1970 to 9999
 */
export function legacyDateTime(seconds: number): string {
  const microseconds = Math.round(seconds * 1e6);
  const whole = Math.floor(microseconds / 1e6);
  const fraction = String(microseconds - whole * 1e6).padStart(6, '0');
  return `${new Date(whole * 1000).toISOString().slice(0, 19).replace('T', ' ')}.${fraction}`;
}
