import type { Fields, Sensed } from './sensed.ts';
import { DEFAULT_COLUMNS, GATEWAY_COLUMNS, vpcColumn, vpcFields, WITHOUT_FLOW } from './vpc-fields.ts';

/** Kind of a flow log header line that comes as an entry of its own. */
export const FLOW_LOG_HEADER = 'flow log header';

/** Reads a flow log line in one of AWS's default column orders, or a header line. */
export function vpcLineFields(line: string): Sensed | undefined {
  if (isVpcHeader(line) || isExportHeading(line)) return { kind: 'other', what: FLOW_LOG_HEADER };
  const cells = withoutPrefix(flowCells(line));
  const columns = defaultColumnsOf(cells);
  return columns === undefined ? undefined : vpcFields(columnsOfCells(cells, columns));
}

/** The columns of a line in one of AWS's default orders. */
export function defaultColumnsOf(cells: readonly string[]): readonly string[] | undefined {
  if (!/^\d$/.test(cells[0] ?? '')) return undefined;
  if (cells.length === DEFAULT_COLUMNS.length && isStatus(cells.at(-1))) return DEFAULT_COLUMNS;
  return cells.length === GATEWAY_COLUMNS.length && cells[1] === 'TransitGateway'
    ? GATEWAY_COLUMNS
    : undefined;
}

function isStatus(cell: string | undefined): boolean {
  return cell === 'OK' || WITHOUT_FLOW.has(cell);
}

/** Maps a line's cells to columns; empty cells are left out. */
export function columnsOfCells(cells: readonly string[], columns: readonly string[]): Fields {
  const entry: Fields = {};
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index];
    if (cell !== '-') keepCell(entry, columns[index] ?? '', cell);
  }
  return entry;
}

function keepCell(entry: Fields, name: string, cell: unknown): void {
  if (name === '__proto__') Object.defineProperty(entry, name, { value: cell, enumerable: true });
  else entry[name] = cell;
}

const SOURCE_COLUMN = /(?:^|[\s{]|pkt[-_])src_?addr(?:[\s}]|$)/i;
const COLUMN_NAMES = /^(?:[\w${}@-]+\s+){2,}[\w${}@-]+$/;

/** Whether a line is a flow log header; concatenated files have headers in the middle. */
export function isVpcHeader(line: string): boolean {
  return SOURCE_COLUMN.test(line) && COLUMN_NAMES.test(line.trim());
}

/** Names a header may use for the timestamp in front of each line. */
const TIME_COLUMNS: ReadonlySet<string> = new Set(['@timestamp', 'timestamp']);

/** The columns named by a header. */
export function headerColumns(line: string): readonly string[] {
  return flowCells(line)
    .filter((name) => !TIME_COLUMNS.has(name))
    .map(vpcColumn);
}

const TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?|\d{13}|\d{10}`;
/** A line of a CSV export from CloudWatch's console or Logs Insights: a time and the message. */
const EXPORTED = new RegExp(`^"?(?:${TIME})"?,"?([^",]+)"?$`);

/** Whether a line is the heading of such a CSV export. */
export function isExportHeading(line: string): boolean {
  return /^"?@?timestamp"?,"?@?message"?$/i.test(line.trim());
}

/** A line's cells, without the CSV columns around the flow. */
export function flowCells(line: string): string[] {
  const text = line.trim();
  const flow = text.includes(',') ? EXPORTED.exec(text)?.[1] : undefined;
  return (flow ?? text).trim().split(/\s+/);
}

const TIME_CELL = /^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?|\d{13}|\d{10})$/;
const DATE_CELL = /^\d{4}-\d\d-\d\d$/;
const CLOCK_CELL = /^\d\d:\d\d:\d\d(?:[.,]\d+)?$/;

/**
 * A line's cells without the prefix: CloudWatch Logs adds a time (ISO 8601, epoch seconds or milliseconds), and `aws
 * logs tail` the log stream's name after it.
 *
 * @param width number of columns in the flow, if a header gives it
 */
export function withoutPrefix(cells: readonly string[], width?: number): readonly string[] {
  // The flow's own first column may be a time.
  if (cells.length === width) return cells;
  const timeCells = timeCellsOf(cells);
  if (timeCells === 0) return cells;
  const isFlow = (some: readonly string[]) =>
    width === undefined ? defaultColumnsOf(some) !== undefined : some.length === width;
  const withStream = cells.slice(timeCells);
  const flow = withStream.slice(1);
  return !isFlow(withStream) && isFlow(flow) ? flow : withStream;
}

function timeCellsOf([first = '', second = '']: readonly string[]): number {
  if (TIME_CELL.test(first)) return 1;
  return DATE_CELL.test(first) && CLOCK_CELL.test(second) ? 2 : 0;
}
