import { DEFAULT_COLUMNS, vpcFields } from '../../records/sensors/vpc-fields.ts';
import {
  columnsOfCells,
  defaultColumnsOf,
  flowCells,
  headerColumns,
  isExportHeading,
  isVpcHeader,
  withoutPrefix,
} from '../../records/sensors/vpc-lines.ts';
import type { LogEntry } from '../log-entry.ts';
import type { RecordText } from '../text-lines.ts';
import type { ReadLine } from './read-line.ts';
import { sensedEntry } from './sensed-entry.ts';

/**
 * Reads AWS flow logs of VPCs and transit gateways as text: one line a flow and direction, space-separated, in the
 * order of a header line or in one of AWS's default orders. Prefixes that CloudWatch Logs and its tools add to a line,
 * a time and the log stream's name, are removed.
 */
export function vpcFlowReader(): ReadLine {
  let columns: readonly string[] | undefined;
  let header: RecordText | undefined;
  const passOver = (line: RecordText) => {
    if (!isVpcHeader(line.text)) return false;
    columns = headerColumns(line.text);
    header = line;
    return true;
  };
  const contextAt = (position: number) => {
    if (header === undefined) return [];
    return header.position < position ? [header.text] : undefined;
  };
  const read = (line: RecordText): LogEntry | undefined => {
    const { text, position } = line;
    if (passOver(line)) return undefined;
    const cells = withoutPrefix(flowCells(text), columns?.length);
    const order = columns ?? defaultColumnsOf(cells) ?? DEFAULT_COLUMNS;
    if (cells.length !== order.length) {
      if (isExportHeading(text)) return undefined;
      const reason = `record: expected ${order.length} columns, got ${cells.length}`;
      return { kind: 'invalid', position, text, reason };
    }
    return sensedEntry(line, vpcFields(columnsOfCells(cells, order)));
  };
  return Object.assign(read, { passOver, contextAt });
}
