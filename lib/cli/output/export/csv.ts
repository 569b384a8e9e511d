import { type Options, stringify } from 'csv-stringify/sync';

/** What a field of a CSV file can be. */
export type CsvCell = string | number | boolean | null | undefined;

/** Ends each line, as RFC 4180 has it. */
export const CSV_LINE_END = '\r\n';

/** Sensors write what strangers send: OWASP, "CSV Injection". */
const OPTIONS: Options = {
  eof: false,
  escape_formulas: true,
  cast: { boolean: (value) => (value ? '1' : '0') },
};

/**
 * One line of a CSV file without its end (RFC 4180). What is absent is empty, truth is `1` or `0`. A text that a
 * spreadsheet would take for a formula gets an apostrophe in front; numbers stay as they are.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return stringify([cells], OPTIONS);
}
