import type { Fields, Sensed } from './sensed.ts';
import { DEFAULT_COLUMNS, GATEWAY_COLUMNS, vpcColumn, vpcFields, WITHOUT_FLOW } from './vpc-fields.ts';

/** Kind of a line that names a flow log's columns, where it comes as an entry of its own. */
export const FLOW_LOG_HEADER = 'flow log header';

/**
 * Reads a line of a flow log in one of the orders that AWS has without further settings, or the header in front of such
 * lines.
 */
export function vpcLineFields(line: string): Sensed | undefined {
  if (isVpcHeader(line) || isExportHeading(line)) return { kind: 'other', what: FLOW_LOG_HEADER };
  const cells = withoutPrefix(flowCells(line));
  const columns = defaultColumnsOf(cells);
  return columns === undefined ? undefined : vpcFields(columnsOfCells(cells, columns));
}

/** The order of a line's columns where it is one of AWS's own. */
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

/** Names a line's cells; one without a value is absent. */
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

/** Whether a line names a flow log's columns; files that were put together have such lines in their midst. */
export function isVpcHeader(line: string): boolean {
  return SOURCE_COLUMN.test(line) && COLUMN_NAMES.test(line.trim());
}

/** How a header may call what stands in front of each line. */
const TIME_COLUMNS: ReadonlySet<string> = new Set(['@timestamp', 'timestamp']);

/** The columns that a header names. */
export function headerColumns(line: string): readonly string[] {
  return flowCells(line)
    .filter((name) => !TIME_COLUMNS.has(name))
    .map(vpcColumn);
}

const TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?|\d{13}|\d{10}`;
/** A line of what CloudWatch's console and Logs Insights export as CSV: a time and the message. */
const EXPORTED = new RegExp(`^"?(?:${TIME})"?,"?([^",]+)"?$`);

/** Whether a line is the heading of such CSV. */
export function isExportHeading(line: string): boolean {
  return /^"?@?timestamp"?,"?@?message"?$/i.test(line.trim());
}

/** A line's cells, without what CSV puts around a flow. */
export function flowCells(line: string): string[] {
  const text = line.trim();
  const flow = text.includes(',') ? EXPORTED.exec(text)?.[1] : undefined;
  return (flow ?? text).trim().split(/\s+/);
}

const TIME_CELL = /^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?|\d{13}|\d{10})$/;
const DATE_CELL = /^\d{4}-\d\d-\d\d$/;
const CLOCK_CELL = /^\d\d:\d\d:\d\d(?:[.,]\d+)?$/;

/**
 * A line's cells without what was put in front: CloudWatch Logs writes a time, in ISO 8601 or as epoch seconds or
 * milliseconds, and `aws logs tail` the log stream's name behind it.
 *
 * @param width how many columns the flow has, where a header says so
 */
export function withoutPrefix(cells: readonly string[], width?: number): readonly string[] {
  // A flow's own first column may be a time.
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
