/** What a field of a CSV file can be. */
export type CsvCell = string | number | boolean | null | undefined;

/** How a field begins that a spreadsheet would take for a formula. Source: OWASP, "CSV Injection". */
const FORMULA = /^[=+\-@\t\r]/;
const SPECIAL = /[",\r\n]/;

/**
 * One line of a CSV file without its end (RFC 4180). What is absent is empty, truth is `1` or `0`. A text that a
 * spreadsheet would take for a formula gets an apostrophe in front, since sensors write what strangers send;
 * numbers stay as they are.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return cells.map(csvField).join(',');
}

/** Ends each line, as RFC 4180 has it. */
export const CSV_LINE_END = '\r\n';

function csvField(cell: CsvCell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'boolean') return cell ? '1' : '0';
  if (typeof cell === 'number') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
