import { type Options, stringify } from 'csv-stringify/sync';

/** A field of a CSV file. */
export type CsvCell = string | number | boolean | null | undefined;

/** Ends each line (RFC 4180). */
export const CSV_LINE_END = '\r\n';

/** Strangers control some of what sensors write: OWASP, "CSV Injection". */
const OPTIONS: Options = {
  eof: false,
  escape_formulas: true,
  cast: { boolean: (value) => (value ? '1' : '0') },
};

/**
 * One line of a CSV file without its line end (RFC 4180). Absent values are empty, booleans are `1` or `0`. Text that
 * a spreadsheet would read as a formula is prefixed with an apostrophe; numbers stay as they are.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return stringify([cells], OPTIONS);
}
