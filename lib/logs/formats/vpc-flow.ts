import {
  columnsOfCells,
  DEFAULT_COLUMNS,
  defaultColumnsOf,
  vpcColumn,
  vpcFields,
} from '../../records/sensors/vpc-fields.ts';
import type { LogEntry } from '../log-entry.ts';
import { sensedEntry } from './sensed-entry.ts';
import type { ReadLine } from './zeek-tsv.ts';

/**
 * Reads AWS flow logs of VPCs and transit gateways as text: a line a flow and direction, columns between spaces, in the
 * order of a header line or in one of AWS's own. What CloudWatch Logs and its tools put in front of a line, a time and
 * the name of the log stream, is left out.
 */
export function vpcFlowReader(): ReadLine {
  let columns: readonly string[] | undefined;
  return (line): LogEntry | undefined => {
    const { text, position } = line;
    const all = text.trim().split(/\s+/);
    if (isVpcHeader(all)) {
      columns = all.filter((name) => !TIME_COLUMNS.has(name)).map(vpcColumn);
      return undefined;
    }
    const cells = withoutPrefix(all);
    const order = columns ?? defaultColumnsOf(cells) ?? DEFAULT_COLUMNS;
    if (cells.length !== order.length) {
      const reason = `record: expected ${order.length} columns, got ${cells.length}`;
      return { kind: 'invalid', position, text, reason };
    }
    return sensedEntry(line, vpcFields(columnsOfCells(cells, order)));
  };
}

/** Whether a line names columns; files that were put together have such lines in their midst. */
export function isVpcHeader(cells: readonly string[]): boolean {
  return cells.includes('srcaddr') || cells.includes('pkt-srcaddr') || cells.includes('pkt_srcaddr');
}

/** How a header may call what stands in front of each line. */
const TIME_COLUMNS: ReadonlySet<string> = new Set(['@timestamp', 'timestamp']);

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?$/;
const STREAM = /^(?:eni-|tgw-)[\w-]+$/;

/** A line's cells without what was put in front: `aws logs tail` writes a time and the log stream's name. */
export function withoutPrefix(cells: readonly string[]): readonly string[] {
  if (!TIME.test(cells[0] ?? '')) return cells;
  return cells.slice(STREAM.test(cells[1] ?? '') && defaultColumnsOf(cells.slice(2)) !== undefined ? 2 : 1);
}
