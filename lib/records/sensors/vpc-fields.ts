import type { ConnectionState } from '../connection-state.ts';
import { type Fields, keep, type Sensed, set, setTransport } from './sensed.ts';

/** The columns of a flow log that was set up without naming any (version 2), as {@link vpcColumn} spells them. */
export const DEFAULT_COLUMNS: readonly string[] = [
  ...[
    'version',
    'account_id',
    'interface_id',
    'srcaddr',
    'dstaddr',
    'srcport',
    'dstport',
    'protocol',
    'packets',
  ],
  ...['bytes', 'start', 'end', 'action', 'log_status'],
];

/** The columns of a transit gateway's flow log that was set up without naming any (version 6). */
export const GATEWAY_COLUMNS: readonly string[] = [
  ...['version', 'resource_type', 'account_id', 'tgw_id', 'tgw_attachment_id', 'tgw_src_vpc_account_id'],
  ...['tgw_dst_vpc_account_id', 'tgw_src_vpc_id', 'tgw_dst_vpc_id', 'tgw_src_subnet_id', 'tgw_dst_subnet_id'],
  ...['tgw_src_eni', 'tgw_dst_eni', 'tgw_src_az_id', 'tgw_dst_az_id', 'tgw_pair_attachment_id', 'srcaddr'],
  ...['dstaddr', 'srcport', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'log_status', 'type'],
  ...[
    'packets_lost_no_route',
    'packets_lost_blackhole',
    'packets_lost_mtu_exceeded',
    'packets_lost_ttl_expired',
  ],
  ...['tcp_flags', 'region', 'flow_direction', 'pkt_src_aws_service', 'pkt_dst_aws_service'],
];

/** Columns that stand under other names in a record, or that say nothing about a connection. */
const TAKEN_COLUMNS: ReadonlySet<string> = new Set([
  ...DEFAULT_COLUMNS.filter((name) => name !== 'interface_id' && name !== 'action'),
  ...GATEWAY_COLUMNS.filter((name) => name.startsWith('packets_lost_')),
  'pkt_srcaddr',
  'pkt_dstaddr',
  'flow_direction',
]);

/** Whether nothing is made of a column. */
export function isUnusedColumn(name: string): boolean {
  return UNUSED_COLUMNS.has(name);
}

const UNUSED_COLUMNS: ReadonlySet<string> = new Set(
  [...TAKEN_COLUMNS].filter((name) => /^(?:version|account_id|packets|packets_lost_.*|end)$/.test(name)),
);

/** What AWS writes for a time without traffic, or without a record of it. */
export const WITHOUT_FLOW: ReadonlySet<unknown> = new Set(['NODATA', 'SKIPDATA']);

/** What every flow has a value for. */
const FLOW_COLUMNS = [
  'srcaddr',
  'dstaddr',
  'pkt_srcaddr',
  'pkt_dstaddr',
  'srcport',
  'dstport',
  'protocol',
] as const;

/**
 * Spells a column as Parquet files do, whatever wrote it: `log-status` (text), `log_status` (Parquet, Athena),
 * `logStatus` (CloudWatch Logs Insights), `${log-status}` (the format as it was set up).
 */
export function vpcColumn(name: string): string {
  return name
    .replace(/^\$\{(.+)\}$/, '$1')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll('-', '_')
    .replace(/(src|dst)_(addr|port)$/, '$1$2');
}

/** Whether an object has the columns of a flow log. */
export function isVpcEntry(entry: Fields): boolean {
  return (
    ('srcaddr' in entry && 'dstaddr' in entry) ||
    ('srcAddr' in entry && 'dstAddr' in entry) ||
    ('pkt_srcaddr' in entry && 'pkt_dstaddr' in entry) ||
    ('pkt-srcaddr' in entry && 'pkt-dstaddr' in entry)
  );
}

/** Reads an object whose fields are a flow log's columns in any spelling. */
export function vpcObjectFields(entry: Fields): Sensed {
  const columns: Fields = {};
  for (const [name, value] of Object.entries(entry)) {
    if (value !== '-' && value !== null) columns[vpcColumn(name)] = value;
  }
  return vpcFields(columns);
}

/**
 * Reads a flow. `pkt_srcaddr` and `pkt_dstaddr` come before the addresses of the interface, which on a gateway's way are
 * the gateway's. `flow_direction` says which side the interface is, and that side is the site's own; a transit gateway's
 * is the gateway's, which is neither side.
 *
 * @param entry the columns that have a value, spelled as {@link vpcColumn} does
 */
export function vpcFields(entry: Fields): Sensed {
  const { log_status: status } = entry;
  if (WITHOUT_FLOW.has(status)) return { kind: 'other', what: String(status) };
  // A custom format may leave the status out: an idle interval has no value for anything then.
  if (status === undefined && FLOW_COLUMNS.every((name) => entry[name] === undefined)) {
    return { kind: 'other', what: 'NODATA' };
  }
  const fields: Fields = {};
  for (const name of Object.keys(entry)) {
    if (!TAKEN_COLUMNS.has(name)) keep(fields, name, entry[name]);
  }
  set(fields, 'timestamp', numberIn(entry.start));
  set(fields, 'src_ip', entry.pkt_srcaddr ?? entry.srcaddr);
  set(fields, 'dst_ip', entry.pkt_dstaddr ?? entry.dstaddr);
  setTransport(fields, entry.protocol, numberIn(entry.srcport), numberIn(entry.dstport));
  set(fields, 'state', vpcState(entry.action));
  set(fields, 'bytes', numberIn(entry.bytes));
  if (!isOfGateway(entry)) {
    if (isInterface(entry, 'egress', 'srcaddr')) fields.local_orig = true;
    if (isInterface(entry, 'ingress', 'dstaddr')) fields.local_resp = true;
  }
  return { kind: 'connection', fields };
}

/** A transit gateway's flows are version 6, which no VPC's are, and have columns that a VPC's have not. */
function isOfGateway(entry: Fields): boolean {
  if (entry.flow_direction === undefined) return false;
  return (
    entry.resource_type === 'TransitGateway' ||
    String(entry.version) === '6' ||
    Object.keys(entry).some((name) => /^(?:tgw|packets_lost)_/.test(name))
  );
}

/** Whether one side of the flow is the interface itself, and not what it passes packets on for. */
function isInterface(entry: Fields, direction: string, side: 'srcaddr' | 'dstaddr'): boolean {
  const packetSide = entry[`pkt_${side}`];
  return entry.flow_direction === direction && (packetSide === undefined || packetSide === entry[side]);
}

/** A whole number; anything else as it is, for the record's check to find. */
function numberIn(cell: unknown): unknown {
  return typeof cell === 'string' && /^\d{1,15}$/.test(cell) ? Number(cell) : cell;
}

/**
 * What a security group or network ACL did with a flow. Whether a host answered what it let pass, flow logs say in a flow
 * of its own.
 */
export function vpcState(action: unknown): ConnectionState | undefined {
  if (action === 'REJECT') return 'refused';
  return action === 'ACCEPT' ? 'answered' : undefined;
}
