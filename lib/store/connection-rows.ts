import type { ConnectionRecord } from '../records/connection-record.ts';
import type { ConnectionState } from '../records/connection-state.ts';
import type { Endpoint } from '../records/endpoint.ts';

/**
 * How the connections of one verdict are written: a JSON array each, in this order, without trailing nulls. What rows
 * have in common is stored once, in the verdict (`input`) or in the item (`address`, `kinds`).
 *
 * ```
 * [timestamp, other address, source port, destination port, id, bytes, kind, duration, bytes out, bytes in, further
 * fields]
 * [1664462456.755299,"172.16.1.11",40042,53,"C5xhsO3uGtOfyrBlHh",111]
 * ```
 *
 * If both directions add up to `bytes`, as they do for sensors, `bytes` is left out, and "absent" is written as false.
 */
export type Row = Partial<WholeRow>;

type WholeRow = [
  timestamp: number,
  otherAddress: string,
  sourcePort: number | null,
  destinationPort: number,
  id: string | null,
  bytes: number | false | null,
  /** Index into the item's `kinds`, null for 0; the kind itself if there are too many to list. */
  kind: number | ConnectionKind | null,
  duration: number | null,
  bytesOut: number | null,
  bytesIn: number | null,
  furtherFields: Record<string, unknown> | null,
];

/** The fields that take few distinct values among the connections of an address. */
export type ConnectionKind = Pick<Endpoint, 'protocol' | 'direction'> &
  Pick<ConnectionRecord, 'local_orig' | 'local_resp' | 'state'>;

/** A real sensor has a handful; only made-up records have more, and those kinds are written in their rows. */
const MAX_LISTED_KINDS = 32;

/** Writes one connection as a row; appends its kind to `kinds` if it is new. */
export function encodeRow(record: ConnectionRecord, endpoint: Endpoint, kinds: ConnectionKind[]): string {
  const { timestamp, src_ip, dst_ip, dst_port, protocol, id, src_port, ...rest } = record;
  const { bytes, duration, bytes_out, bytes_in, state, local_orig, local_resp, ...others } = rest;
  const { threat_intel: _, geo_data: __, ...further } = others;
  const kind = listedKind({ protocol, direction: endpoint.direction, local_orig, local_resp, state }, kinds);
  const row: WholeRow = [
    timestamp,
    endpoint.direction === 'inbound' ? dst_ip : src_ip,
    src_port ?? null,
    dst_port,
    id ?? null,
    storedBytes(bytes, bytes_out, bytes_in),
    kind === 0 ? null : kind,
    duration ?? null,
    bytes_out ?? null,
    bytes_in ?? null,
    Object.keys(further).length === 0 ? null : further,
  ];
  while (row.at(-1) === null) row.pop();
  return JSON.stringify(row);
}

function storedBytes(
  bytes: number | undefined,
  out: number | undefined,
  back: number | undefined,
): number | false | null {
  if (out === undefined || back === undefined) return bytes ?? null;
  return bytes === out + back ? null : (bytes ?? false);
}

function readBytes(stored: Row[5], out: number | undefined, back: number | undefined): number | undefined {
  if (typeof stored === 'number') return stored;
  return stored === false || out === undefined || back === undefined ? undefined : out + back;
}

type LooseKind = Pick<Endpoint, 'protocol' | 'direction'> & {
  readonly local_orig: boolean | undefined;
  readonly local_resp: boolean | undefined;
  readonly state: ConnectionState | undefined;
};

function listedKind(wanted: LooseKind, kinds: ConnectionKind[]): number | ConnectionKind {
  const found = kinds.findIndex(
    (kind) =>
      kind.direction === wanted.direction &&
      kind.protocol === wanted.protocol &&
      kind.local_orig === wanted.local_orig &&
      kind.local_resp === wanted.local_resp &&
      kind.state === wanted.state,
  );
  if (found >= 0) return found;
  const { local_orig, local_resp, state, ...common } = wanted;
  const kind = {
    ...common,
    ...(local_orig !== undefined && { local_orig }),
    ...(local_resp !== undefined && { local_resp }),
    ...(state !== undefined && { state }),
  };
  return kinds.length < MAX_LISTED_KINDS ? kinds.push(kind) - 1 : kind;
}

/**
 * Reads a row back into the record it was made from, field for field.
 *
 * @param context what the verdict's connections have in common: threat intelligence and geo data
 */
export function decodeRow(
  row: Row,
  address: string,
  kinds: readonly ConnectionKind[],
  context: Pick<ConnectionRecord, 'threat_intel' | 'geo_data'>,
): ConnectionRecord {
  const [timestamp = 0, other = '', sourcePort, dst_port = 0, id, storedBytes, , ...measured] = row;
  const [duration, out, back, further] = measured;
  const bytes_out = out ?? undefined;
  const bytes_in = back ?? undefined;
  const bytes = readBytes(storedBytes, bytes_out, bytes_in);
  const { direction, ...sensed } = kindOf(row, address, kinds);
  const [src_ip, dst_ip] = direction === 'inbound' ? [address, other] : [other, address];
  return {
    timestamp,
    src_ip,
    dst_ip,
    dst_port,
    ...sensed,
    ...(typeof sourcePort === 'number' && { src_port: sourcePort }),
    ...(typeof id === 'string' && { id }),
    ...(bytes !== undefined && { bytes }),
    ...(typeof duration === 'number' && { duration }),
    ...(bytes_out !== undefined && { bytes_out }),
    ...(bytes_in !== undefined && { bytes_in }),
    ...context,
    ...further,
  };
}

/** Reads only the endpoint of a row, which is what was scored. */
export function decodeEndpoint(row: Row, address: string, kinds: readonly ConnectionKind[]): Endpoint {
  const { protocol, direction } = kindOf(row, address, kinds);
  return { address, dst_port: row[3] ?? 0, protocol, direction };
}

function kindOf(row: Row, address: string, kinds: readonly ConnectionKind[]): ConnectionKind {
  const kindOrIndex = row[6];
  if (typeof kindOrIndex === 'object' && kindOrIndex !== null) return kindOrIndex;
  const kind = kinds[kindOrIndex ?? 0];
  if (kind === undefined)
    throw new RangeError(`a stored connection of ${address} has no kind ${kindOrIndex}`);
  return kind;
}
