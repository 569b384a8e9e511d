import type { ConnectionState } from '../connection-state.ts';
import { type Fields, keep, type Sensed, set, setTransport } from './sensed.ts';

/** Columns of a VPC flow log in AWS's default format (version 2), spelled as {@link vpcColumn} does. */
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

/** Columns of a transit gateway flow log in AWS's default format (version 6). */
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

/** Columns that have another name in a record, or carry nothing about a connection. */
const TAKEN_COLUMNS: ReadonlySet<string> = new Set([
  ...DEFAULT_COLUMNS.filter((name) => name !== 'interface_id' && name !== 'action'),
  ...GATEWAY_COLUMNS.filter((name) => name.startsWith('packets_lost_')),
  'pkt_srcaddr',
  'pkt_dstaddr',
  'flow_direction',
]);

/** Whether a column is ignored. */
export function isUnusedColumn(name: string): boolean {
  return UNUSED_COLUMNS.has(name);
}

const UNUSED_COLUMNS: ReadonlySet<string> = new Set(
  [...TAKEN_COLUMNS].filter((name) => /^(?:version|account_id|packets|packets_lost_.*|end)$/.test(name)),
);

/** Log statuses for an interval without traffic, or with skipped records. */
export const WITHOUT_FLOW: ReadonlySet<unknown> = new Set(['NODATA', 'SKIPDATA']);

/** Columns that have a value for every flow. */
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
 * Normalises a column's name to the spelling in Parquet files: `log-status` (text), `log_status` (Parquet, Athena),
 * `logStatus` (CloudWatch Logs Insights), `${log-status}` (a custom format string).
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

/** Reads an object whose fields are flow log columns in any spelling. */
export function vpcObjectFields(entry: Fields): Sensed {
  const columns: Fields = {};
  for (const [name, value] of Object.entries(entry)) {
    if (value !== '-' && value !== null) columns[vpcColumn(name)] = value;
  }
  return vpcFields(columns);
}

/**
 * Reads a flow. `pkt_srcaddr` and `pkt_dstaddr` take precedence over the interface's addresses, which are the gateway's
 * own if traffic passes through one. `flow_direction` says which side the interface is; that side is local. For a
 * transit gateway, the interface is neither side.
 *
 * @param entry the columns that have a value, spelled as {@link vpcColumn} does
 */
export function vpcFields(entry: Fields): Sensed {
  const { log_status: status } = entry;
  if (WITHOUT_FLOW.has(status)) return { kind: 'other', what: String(status) };
  // A custom format may omit the status; an idle interval then has no value in any of these columns.
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

/** Transit gateway flows are version 6, which VPC flows never are, and have columns that VPC flows lack. */
function isOfGateway(entry: Fields): boolean {
  if (entry.flow_direction === undefined) return false;
  return (
    entry.resource_type === 'TransitGateway' ||
    String(entry.version) === '6' ||
    Object.keys(entry).some((name) => /^(?:tgw|packets_lost)_/.test(name))
  );
}

/** Whether one side of the flow is the interface itself, rather than a host behind it. */
function isInterface(entry: Fields, direction: string, side: 'srcaddr' | 'dstaddr'): boolean {
  const packetSide = entry[`pkt_${side}`];
  return entry.flow_direction === direction && (packetSide === undefined || packetSide === entry[side]);
}

/** A whole number; anything else unchanged, for validation to reject. */
function numberIn(cell: unknown): unknown {
  return typeof cell === 'string' && /^\d{1,15}$/.test(cell) ? Number(cell) : cell;
}

/**
 * Maps the action of a security group or network ACL. Whether the host answered an accepted flow only shows in the flow
 * of the opposite direction.
 */
export function vpcState(action: unknown): ConnectionState | undefined {
  if (action === 'REJECT') return 'refused';
  return action === 'ACCEPT' ? 'answered' : undefined;
}
