import { DatabaseSync } from 'node:sqlite';
import type { LogEntry } from '../../lib/logs/log-entry.ts';
import type { LogFormat } from '../../lib/logs/log-format.ts';
import { readLog } from '../../lib/logs/read-log.ts';
import { sequence } from './iterables.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An entry of Zeek's `conn.log`: an outbound HTTPS connection, as Zeek writes it in JSON. */
export function zeekEntry(changes: Fields = {}): Fields {
  return {
    ts: 1_790_000_000.123456,
    uid: 'CHhAvVGS1DHFjwGM9',
    'id.orig_h': '10.20.4.9',
    'id.orig_p': 40_042,
    'id.resp_h': '203.0.113.7',
    'id.resp_p': 443,
    proto: 'tcp',
    service: 'ssl',
    duration: 0.012167,
    orig_bytes: 100,
    resp_bytes: 250,
    conn_state: 'SF',
    local_orig: true,
    local_resp: false,
    missed_bytes: 0,
    history: 'ShADadFf',
    orig_pkts: 4,
    orig_ip_bytes: 300,
    resp_pkts: 5,
    resp_ip_bytes: 500,
    ...changes,
  };
}

/** The columns of `conn.log` with their types; a published set adds the last two. */
const ZEEK_COLUMNS: Readonly<Record<string, string>> = {
  ts: 'time',
  uid: 'string',
  'id.orig_h': 'addr',
  'id.orig_p': 'port',
  'id.resp_h': 'addr',
  'id.resp_p': 'port',
  proto: 'enum',
  service: 'string',
  duration: 'interval',
  orig_bytes: 'count',
  resp_bytes: 'count',
  conn_state: 'string',
  local_orig: 'bool',
  local_resp: 'bool',
  missed_bytes: 'count',
  history: 'string',
  orig_pkts: 'count',
  orig_ip_bytes: 'count',
  resp_pkts: 'count',
  resp_ip_bytes: 'count',
  tunnel_parents: 'set[string]',
  label: 'string',
  detailedlabel: 'string',
};

const COLUMN_NAMES = Object.keys(ZEEK_COLUMNS);

export const ZEEK_HEADER = [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\tconn',
  '#open\t2026-09-21-14-00-00',
  `#fields\t${COLUMN_NAMES.join('\t')}`,
  `#types\t${Object.values(ZEEK_COLUMNS).join('\t')}`,
];

/** Writes an entry as a line of tab-separated columns. */
export function zeekLine(entry: Fields): string {
  return COLUMN_NAMES.map((name) => zeekCell(name, entry[name])).join('\t');
}

function zeekCell(name: string, value: unknown): string {
  if (value === undefined || value === null) return '-';
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (Array.isArray(value)) return value.length === 0 ? '(empty)' : value.join(',');
  if (typeof value === 'number' && /time|interval/.test(ZEEK_COLUMNS[name] ?? '')) return value.toFixed(6);
  return value === '' ? '(empty)' : String(value).replaceAll('\t', '\\x09');
}

/** A flow event of Suricata's `eve.json`. */
export function eveFlow(changes: Fields = {}): Fields {
  return {
    timestamp: '2026-09-21T16:20:00.500000+0200',
    flow_id: 1_374_195_536_821_504,
    pcap_cnt: 313,
    event_type: 'flow',
    src_ip: '10.20.4.9',
    src_port: 40_042,
    dest_ip: '203.0.113.7',
    dest_port: 443,
    proto: 'TCP',
    app_proto: 'tls',
    flow: {
      pkts_toserver: 4,
      pkts_toclient: 5,
      bytes_toserver: 300,
      bytes_toclient: 500,
      start: '2026-09-21T16:13:20.123456+0200',
      end: '2026-09-21T16:13:21.123456+0200',
      age: 1,
      state: 'closed',
      reason: 'timeout',
      alerted: false,
    },
    tcp: { tcp_flags: '1b', state: 'closed' },
    ...changes,
  };
}

/** An alert of Suricata's about {@link eveFlow}. */
export function eveAlert(changes: Fields = {}): Fields {
  const { flow: _, tcp: __, ...event } = eveFlow();
  return {
    ...event,
    event_type: 'alert',
    alert: {
      action: 'allowed',
      gid: 1,
      signature_id: 2_025_000,
      rev: 3,
      signature: 'ET MALWARE Checkin',
      category: 'A Network Trojan was detected',
      severity: 1,
    },
    ...changes,
  };
}

/** A line of a VPC flow log in the default order. */
export function vpcLine(changes: Partial<Record<(typeof VPC_COLUMNS)[number], string>> = {}): string {
  const cells = {
    version: '2',
    'account-id': '123456789010',
    'interface-id': 'eni-1235b8ca123456789',
    srcaddr: '10.20.4.9',
    dstaddr: '203.0.113.7',
    srcport: '40042',
    dstport: '443',
    protocol: '6',
    packets: '9',
    bytes: '800',
    start: '1790000000',
    end: '1790000060',
    action: 'ACCEPT',
    'log-status': 'OK',
    ...changes,
  };
  return VPC_COLUMNS.map((name) => cells[name]).join(' ');
}

const VPC_COLUMNS = [
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

/** A row of the legacy system's table. */
export interface LegacyRow {
  readonly [column: string]: string | number | bigint | null | Uint8Array;
}

export function legacyRow(changes: LegacyRow = {}): LegacyRow {
  return {
    timestamp: '2026-09-21 14:13:20.123456',
    src_ip: '10.20.4.9',
    dst_ip: '203.0.113.7',
    dst_port: 443,
    protocol: 'TCP',
    threat_score: 0.2,
    ...changes,
  };
}

/** Writes a database as the legacy system has it, with the columns of the first row. */
export function writeLegacyDatabase(path: string, rows: readonly LegacyRow[]): void {
  const columns = Object.keys(rows[0] ?? legacyRow());
  const database = new DatabaseSync(path);
  database.exec(`CREATE TABLE connections (id INTEGER PRIMARY KEY AUTOINCREMENT, ${columns.join(', ')})`);
  const places = columns.map(() => '?').join(', ');
  const insert = database.prepare(`INSERT INTO connections (${columns.join(', ')}) VALUES (${places})`);
  database.exec('BEGIN');
  for (const row of rows) insert.run(...columns.map((column) => row[column] ?? null));
  database.exec('COMMIT');
  database.close();
}

/** What a log's text is read as. */
export async function entriesOf(text: string | Buffer, format?: LogFormat): Promise<LogEntry[]> {
  return (await logOf(text, format)).entries;
}

export async function logOf(text: string | Buffer, format?: LogFormat) {
  const log = await readLog({ chunks: sequence(Buffer.from(text)) }, { format });
  const { unit, entries } = log;
  return { format: log.format, unit, entries: (await Array.fromAsync(entries)).flat() };
}

/** The record that an entry was read as, or its reason for not being one. */
export function outcomeOf(entry: LogEntry | undefined): unknown {
  if (entry === undefined) return undefined;
  if (entry.kind === 'connection') return entry.record;
  return entry.kind === 'invalid' ? entry.reason : { skipped: entry.what };
}
