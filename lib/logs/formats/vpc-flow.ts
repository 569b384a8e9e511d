import { type Fields, keep, type Sensed, set, setTransport } from '../../records/sensors/sensed.ts';
import type { LogEntry } from '../log-entry.ts';
import { protocolOfNumber } from './protocol-numbers.ts';
import { sensedEntry } from './sensed-entry.ts';
import type { ReadLine } from './zeek-tsv.ts';

/** The columns of a flow log that was set up without naming any (version 2). */
export const DEFAULT_COLUMNS = [
  'version',
  'account-id',
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'log-status',
] as const;

/** Columns that stand under other names in a record, or that say nothing about a connection. */
const TAKEN_COLUMNS: ReadonlySet<string> = new Set([
  ...DEFAULT_COLUMNS.filter((name) => name !== 'interface-id' && name !== 'action'),
  'pkt-srcaddr',
  'pkt-dstaddr',
  'flow-direction',
]);

/** What AWS writes for a time without traffic, or without a record of it. */
const WITHOUT_FLOW: ReadonlySet<string> = new Set(['NODATA', 'SKIPDATA']);

/**
 * Reads AWS VPC flow logs as text: a line a flow and direction, columns between spaces, in the order of a header line
 * or in the default one.
 */
export function vpcFlowReader(): ReadLine {
  let columns: readonly string[] = DEFAULT_COLUMNS;
  return (line): LogEntry | undefined => {
    const { text, position } = line;
    const cells = text.trim().split(/\s+/);
    if (isVpcHeader(cells)) {
      columns = cells;
      return undefined;
    }
    if (cells.length !== columns.length) {
      const reason = `record: expected ${columns.length} columns, got ${cells.length}`;
      return { kind: 'invalid', position, text, reason };
    }
    return sensedEntry(line, vpcFields(entryOf(cells, columns)));
  };
}

/** Whether a line names columns; files that were put together have such lines in their midst. */
export function isVpcHeader(cells: readonly string[]): boolean {
  return cells.includes('srcaddr') || cells.includes('pkt-srcaddr');
}

type Cells = ReadonlyMap<string, string>;

function entryOf(cells: readonly string[], columns: readonly string[]): Cells {
  const entry = new Map<string, string>();
  for (const [index, cell] of cells.entries()) {
    if (cell !== '-') entry.set(columns[index] ?? '', cell);
  }
  return entry;
}

/**
 * `pkt-srcaddr` and `pkt-dstaddr` come before the addresses of the interface, which on a gateway's way are the
 * gateway's. `flow-direction` tells which side the interface is, and that side is the site's own.
 */
function vpcFields(entry: Cells): Sensed {
  const status = entry.get('log-status') ?? '';
  if (WITHOUT_FLOW.has(status)) return { kind: 'other', what: status };
  const fields: Fields = {};
  for (const [name, cell] of entry) {
    if (!TAKEN_COLUMNS.has(name)) keep(fields, name.replaceAll('-', '_'), cell);
  }
  const protocol = entry.get('protocol');
  set(fields, 'timestamp', numberOf(entry.get('start')));
  set(fields, 'src_ip', entry.get('pkt-srcaddr') ?? entry.get('srcaddr'));
  set(fields, 'dst_ip', entry.get('pkt-dstaddr') ?? entry.get('dstaddr'));
  setTransport(
    fields,
    protocol === undefined ? undefined : protocolOfNumber(protocol),
    numberOf(entry.get('srcport')),
    numberOf(entry.get('dstport')),
  );
  set(fields, 'bytes', numberOf(entry.get('bytes')));
  if (isInterface(entry, 'egress', 'srcaddr')) fields.local_orig = true;
  if (isInterface(entry, 'ingress', 'dstaddr')) fields.local_resp = true;
  return { kind: 'connection', fields };
}

/** Whether one side of the flow is the interface itself, and not what it passes packets on for. */
function isInterface(entry: Cells, direction: string, side: 'srcaddr' | 'dstaddr'): boolean {
  const packetSide = entry.get(`pkt-${side}`);
  return (
    entry.get('flow-direction') === direction && (packetSide === undefined || packetSide === entry.get(side))
  );
}

/** A whole number; anything else as it is, for the record's check to find. */
function numberOf(cell: string | undefined): unknown {
  return cell !== undefined && /^\d{1,15}$/.test(cell) ? Number(cell) : cell;
}
