/**
 * Reads the table according to docs/storage.md alone. Nothing is imported from lib/: a fault shared by the product's
 * writer and readers would otherwise be hidden from the audit.
 */
import { inflateSync } from 'node:zlib';
import { canonicalText, shortHash } from '../workload/canonical.ts';

/** An attribute in DynamoDB's JSON. */
export type Attribute =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly NS: readonly string[] }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly Attribute[] }
  | { readonly M: Readonly<Record<string, Attribute>> };

export type WireItem = Readonly<Record<string, Attribute>>;

/** The schema version that this reader knows. */
const KNOWN_SCHEMA = 4;

export interface StoredRecord {
  readonly canonical: string;
  readonly timestamp: number;
}

/** An address item, read. */
export interface StoredItem {
  readonly key: string;
  readonly address: string;
  readonly unit: string;
  readonly latestMs: number;
  /** From its key. */
  readonly recordsHash: string;
  /** Computed from the records. */
  readonly actualHash: string;
  /** Computed from the records; the latest of this item alone. */
  readonly lastMs: number;
  readonly records: readonly StoredRecord[];
  /** Verdicts in it that need a human. */
  readonly needs: readonly StoredNeed[];
  readonly threatScore: number;
  readonly highestVerdict: number;
  readonly settings: string;
}

/** A verdict that needs a human, in one direction. */
export interface StoredNeed {
  /** Day of arrival, UTC. */
  readonly day: string;
  readonly direction: string;
  readonly score: number;
  readonly reasons: readonly string[];
  /** Whether it is malicious by the score in use, and not on forgeable evidence alone. */
  readonly isNews: boolean;
}

/** A summary, or a further part of one. */
export interface StoredSummary {
  readonly unit: string;
  /** Empty for the summary itself. */
  readonly partHash: string;
  readonly messages: readonly string[];
  readonly statistics: Readonly<Record<string, unknown>> | undefined;
  readonly settings: string;
  readonly further: readonly string[];
  readonly items: readonly string[];
}

export type Stored =
  | { readonly kind: 'item'; readonly item: StoredItem }
  | { readonly kind: 'summary'; readonly summary: StoredSummary }
  | { readonly kind: 'foreign' };

const known = new WeakMap<WireItem, Stored>();

/** Reads an item of the table; items of other versions and kinds are `foreign`. */
export function readStored(wire: WireItem): Stored {
  let stored = known.get(wire);
  if (stored === undefined) {
    stored = read(wire);
    known.set(wire, stored);
  }
  return stored;
}

function read(wire: WireItem): Stored {
  const pk = String(plain(wire.pk));
  if (Number(plain(wire.schema)) !== KNOWN_SCHEMA) return { kind: 'foreign' };
  if (pk.startsWith('address#')) return { kind: 'item', item: readItem(pk, wire) };
  if (pk.startsWith('unit#')) return { kind: 'summary', summary: readSummary(pk, wire) };
  return { kind: 'foreign' };
}

function readItem(pk: string, wire: WireItem): StoredItem {
  const [, address = ''] = pk.split('#');
  const sk = String(plain(wire.sk));
  const [time = '', unit = '', recordsHash = ''] = sk.split('#');
  const { kinds, verdicts } = contentOf(wire);
  const records = verdicts.flatMap((verdict) =>
    verdict.connections.map((row) => recordOf(row, address, kinds, verdict.input)),
  );
  const inOrder = records.toSorted(byTimeAndText);
  return {
    key: `${pk} ${sk}`,
    address,
    unit,
    latestMs: Number(time),
    recordsHash,
    actualHash: shortHash(inOrder.map(({ canonical }) => canonical).join('\n')),
    lastMs: Math.round((inOrder.at(-1)?.timestamp ?? 0) * 1000),
    records,
    needs: verdicts.flatMap((verdict) => needsOf(verdict, kinds, wire)),
    threatScore: Number(plain(wire.threat_score)),
    highestVerdict: Math.max(...verdicts.map(({ threat_score }) => threat_score)),
    settings: String(plain(wire.settings) ?? ''),
  };
}

function readSummary(pk: string, wire: WireItem): StoredSummary {
  // `unit#<hash>` with `summary` and `part#<hash>#<list>`, or `unit#<minute>#<shard>` with `summary#<hash>` and so on.
  const [, first = '', shard] = pk.split('#');
  const [kind, second = first, list = ''] = String(plain(wire.sk)).split('#');
  const unit = shard === undefined ? first : `${first}.${second}`;
  const partHash = kind === 'part' ? list : '';
  const listOf = (name: string) => (plain(wire[name]) ?? []) as readonly string[];
  return {
    unit,
    partHash,
    messages: listOf('messages').map((id) => id.replace(/^:/, '')),
    statistics: plain(wire.statistics) as Readonly<Record<string, unknown>> | undefined,
    settings: String(plain(wire.settings) ?? ''),
    further: listOf('further'),
    items: listOf('items'),
  };
}

interface Content {
  readonly kinds: readonly Kind[];
  readonly verdicts: readonly Verdict[];
}

interface Verdict {
  readonly threat_score: number;
  readonly scored_by?: string;
  readonly method?: string;
  readonly high_uncertainty?: boolean;
  readonly connections: readonly Row[];
  readonly input?: { readonly threat_intel?: unknown; readonly geo_data?: unknown };
}

interface Kind {
  readonly protocol: string;
  readonly direction: string;
  readonly local_orig?: boolean;
  readonly local_resp?: boolean;
  readonly state?: string;
}

type Row = readonly [
  timestamp: number,
  other: string,
  sourcePort: number | null | undefined,
  destinationPort: number,
  id?: string | null,
  bytes?: number | false | null,
  kind?: number | Kind | null,
  duration?: number | null,
  bytesOut?: number | null,
  bytesIn?: number | null,
  further?: Readonly<Record<string, unknown>> | null,
];

const DEFAULT_THRESHOLD = 0.7;

function needsOf(verdict: Verdict, kinds: readonly Kind[], wire: WireItem): StoredNeed[] {
  // `parallel 25 v7@1764243000123 0.6`, with the threshold only if it is not the default.
  const [mode, , , threshold] = String(plain(wire.settings) ?? '').split(' ');
  const { threat_score: score, scored_by, method, high_uncertainty, connections } = verdict;
  const isMalicious = score >= Number(threshold ?? DEFAULT_THRESHOLD);
  const isFailed = method === 'failed' || scored_by === 'fallback';
  const reasons = [
    ...(isMalicious ? ['malicious'] : []),
    ...(isFailed ? ['failed'] : []),
    ...(method === 'median' && high_uncertainty === true ? ['uncertain'] : []),
  ];
  if (reasons.length === 0) return [];
  const rows = connections.map((row) => ({ row, kind: kindOf(row, kinds) }));
  const day = new Date(Number(plain(wire.ingested_at))).toISOString().slice(0, 10);
  return [...Map.groupBy(rows, ({ kind }) => kind?.direction ?? '')].map(([direction, own]) => {
    const isSafe = direction === 'outbound' || direction === 'external';
    const isAnswered = direction === 'inbound' && own.some(({ row, kind }) => wasAnswered(row, kind));
    const isUsed = mode === 'consensus' && scored_by !== 'fallback';
    return { day, direction, score, reasons, isNews: isMalicious && isUsed && (isSafe || isAnswered) };
  });
}

function wasAnswered(_row: Row, kind: Kind | undefined): boolean {
  return kind?.state === undefined ? false : kind.state === 'answered' && kind.protocol === 'tcp';
}

function kindOf(row: Row, kinds: readonly Kind[]): Kind | undefined {
  const kind = row[6];
  return typeof kind === 'object' && kind !== null ? kind : kinds[kind ?? 0];
}

function contentOf(wire: WireItem): Content {
  const content = plain(wire.content);
  const text = typeof content === 'string' ? content : inflateSync(content as Buffer).toString('utf8');
  return JSON.parse(text) as Content;
}

function recordOf(row: Row, address: string, kinds: readonly Kind[], input: Verdict['input']): StoredRecord {
  const [timestamp, other, sourcePort, destinationPort, id, bytes, , duration, out, back, further] = row;
  const sum = typeof out === 'number' && typeof back === 'number' ? out + back : undefined;
  const listed = kindOf(row, kinds);
  const record: Record<string, unknown> = {
    ...further,
    timestamp,
    src_ip: listed?.direction === 'inbound' ? address : other,
    dst_ip: listed?.direction === 'inbound' ? other : address,
    dst_port: destinationPort,
    protocol: listed?.protocol,
    local_orig: listed?.local_orig,
    local_resp: listed?.local_resp,
    src_port: sourcePort ?? undefined,
    id: id ?? undefined,
    bytes: bytes === false ? undefined : (bytes ?? sum),
    duration: duration ?? undefined,
    bytes_out: out ?? undefined,
    bytes_in: back ?? undefined,
    state: listed?.state,
    threat_intel: input?.threat_intel,
    geo_data: input?.geo_data,
  };
  return { canonical: canonicalText(record), timestamp };
}

function byTimeAndText(a: StoredRecord, b: StoredRecord): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  if (a.canonical === b.canonical) return 0;
  return a.canonical < b.canonical ? -1 : 1;
}

/** Removes the type of an attribute. */
export function plain(attribute: Attribute | undefined): unknown {
  if (attribute === undefined || 'NULL' in attribute) return undefined;
  if ('S' in attribute) return attribute.S;
  if ('N' in attribute) return Number(attribute.N);
  if ('NS' in attribute) return attribute.NS.map(Number);
  if ('B' in attribute) return Buffer.from(attribute.B, 'base64');
  if ('BOOL' in attribute) return attribute.BOOL;
  if ('L' in attribute) return attribute.L.map(plain);
  return Object.fromEntries(Object.entries(attribute.M).map(([name, member]) => [name, plain(member)]));
}
