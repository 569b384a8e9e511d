import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../../lib/records/connection-record.ts';
import { zeekEntry } from '../../factories/sensor-logs.ts';

const SIDES = {
  ts: 1_790_000_000.5,
  uid: 'CHhAvVGS1DHFjwGM9',
  'id.orig_h': '10.20.4.9',
  'id.orig_p': 40_042,
  'id.resp_h': '203.0.113.7',
  'id.resp_p': 443,
};
const TCP = { ...SIDES, proto: 'tcp' };
const NO_SIDES = { ts: 1_790_000_000.5 };

/** Entries of Zeek's scripts without a path field. */
const OTHERS: Readonly<Record<string, object>> = {
  dns: { ...TCP, trans_id: 5, query: 'example.org', qtype: 1, rejected: false, AA: false },
  http: { ...SIDES, trans_depth: 1, method: 'GET', host: 'example.org', uri: '/' },
  ssl: { ...SIDES, version: 'TLSv13', cipher: 'TLS_AES_128_GCM_SHA256', resumed: false, established: true },
  quic: {
    ...SIDES,
    version: '1',
    client_initial_dcid: 'ab',
    server_name: 'example.org',
    history: 'ISishIHhhHH',
  },
  notice: {
    ...TCP,
    note: 'Scan::Port_Scan',
    msg: 'x',
    sub: 'y',
    actions: ['Notice::ACTION_LOG'],
    suppress_for: 3600,
  },
  weird: { ...SIDES, name: 'data_before_established', notice: false, peer: 'zeek' },
  files: {
    ...SIDES,
    fuid: 'FhHgvF',
    source: 'SSL',
    depth: 0,
    analyzers: ['X509'],
    mime_type: 'x',
    seen_bytes: 9,
  },
  x509: { ...NO_SIDES, fingerprint: 'ab', 'certificate.version': 3, 'certificate.serial': '1' },
  dhcp: { ...NO_SIDES, uids: ['C1'], client_addr: '10.0.0.1', server_addr: '10.0.0.2', msg_types: ['ACK'] },
  ssh: { ...SIDES, version: 2, auth_attempts: 1, client: 'SSH-2.0-x', server: 'SSH-2.0-y', kex_alg: 'z' },
  smtp: { ...SIDES, trans_depth: 1, helo: 'a', mailfrom: 'b', rcptto: ['c'], last_reply: '250' },
  kerberos: { ...SIDES, request_type: 'TGS', client: 'a', service: 'b', cipher: 'x', forwardable: true },
  ntp: { ...SIDES, version: 4, mode: 3, stratum: 2, poll: 64, ref_id: '1.2.3.4' },
  rdp: { ...SIDES, cookie: 'x', result: 'encrypted', security_protocol: 'HYBRID' },
  smb_files: { ...SIDES, fuid: 'F1', action: 'SMB::FILE_OPEN', path: '\\\\x', name: 'y', size: 1 },
  smb_mapping: { ...SIDES, path: '\\\\x\\IPC$', share_type: 'PIPE' },
  dce_rpc: { ...SIDES, rtt: 0.1, named_pipe: 'lsarpc', endpoint: 'lsarpc', operation: 'LsarOpenPolicy' },
  syslog: { ...TCP, facility: 'DAEMON', severity: 'INFO', message: 'x' },
  tunnel: { ...SIDES, tunnel_type: 'Tunnel::TEREDO', action: 'Tunnel::DISCOVER' },
  intel: { ...SIDES, 'seen.indicator': 'x', 'seen.indicator_type': 'Intel::DOMAIN', sources: ['a'] },
  analyzer: { ...TCP, analyzer_kind: 'protocol', analyzer_name: 'SSL', failure_reason: 'x' },
  software: {
    ...NO_SIDES,
    host: '10.0.0.1',
    software_type: 'HTTP::BROWSER',
    name: 'x',
    unparsed_version: 'y',
  },
  capture_loss: { ...NO_SIDES, ts_delta: 900, peer: 'zeek', gaps: 0, acks: 5, percent_lost: 0 },
  stats: { ...NO_SIDES, peer: 'zeek', mem: 100, pkts_proc: 5, bytes_recv: 9, events_proc: 3 },
  sip: { ...SIDES, trans_depth: 0, method: 'OPTIONS', uri: 'sip:x', request_path: [], response_path: [] },
  dpd: { ...TCP, analyzer: 'HTTP', failure_reason: 'x' },
  telemetry: { ...NO_SIDES, peer: 'zeek', name: 'x', labels: [], label_values: [], value: 1 },
  known_hosts: { ...NO_SIDES, host: '10.0.0.1' },
  known_certs: {
    ...NO_SIDES,
    host: '10.0.0.1',
    port_num: 443,
    subject: 'x',
    issuer_subject: 'y',
    serial: 'z',
  },
  known_services: { ...NO_SIDES, host: '10.0.0.1', port_num: 443, port_proto: 'tcp', service: ['SSL'] },
  known_devices: { ...NO_SIDES, mac: '00:11:22:33:44:55', dhcp_host_name: 'x' },
  netcontrol: { ...NO_SIDES, rule_id: '2', category: 'NetControl::RULE', cmd: 'ADD' },
  openflow: { ...NO_SIDES, dpid: 1, 'match.in_port': 2 },
  mqtt: { ...SIDES, action: 'MQTT::SUBSCRIBE', topics: ['x'], qos_levels: [0], ack: true },
  traceroute: { ...NO_SIDES, src: '10.0.0.1', dst: '9.9.9.9', proto: 'udp' },
  loaded_scripts: { name: '/opt/zeek/share/zeek/base/init-bare.zeek' },
  'other Zeek log': { ...SIDES, service: 'ssl', duration: 1, my_verdict: 'fine' },
};

describe("an entry of one of Zeek's other logs", () => {
  it.each(Object.entries(OTHERS))('is recognised by its fields: %s', (kind, entry) => {
    expect(parseRecord(entry)).toMatchObject({ ok: false, skipped: kind });
  });

  it('is named by its path where that is there', () => {
    expect(parseRecord({ ...TCP, _path: 'my_log' })).toMatchObject({ skipped: 'my_log' });
    expect(parseRecord({ ...NO_SIDES, _path: 'reporter', message: 'x' })).toMatchObject({
      skipped: 'reporter',
    });
  });
});

describe("a site's own object", () => {
  it.each<[string, object]>([
    ['with a time and a host, and more', { ...NO_SIDES, host: '10.0.0.1', msg: 'x' }],
    ['of a firewall', { ...NO_SIDES, src: '10.0.0.1', dst: '9.9.9.9', proto: 'udp', action: 'drop' }],
    ['with a name', { name: 'conn.zeek', size: 5 }],
  ])('is none of them: %s', (_, object) => {
    const parsed = parseRecord(object);

    expect(parsed).toMatchObject({ ok: false });
    expect(parsed).not.toHaveProperty('skipped');
  });
});

describe('a connection', () => {
  const added = Object.fromEntries(
    Object.values(OTHERS).flatMap((entry) => Object.entries(entry).filter(([name]) => !(name in TCP))),
  );

  it.each<[string, object]>([
    ['with fields of all other logs added', { ...zeekEntry(), ...added, proto: 'tcp' }],
    ['with all that there must be', TCP],
    ['with a service', { ...TCP, service: 'dns', duration: 1 }],
    ["with a site's own fields", { ...TCP, note: 'x', query: 'y', name: 'z', host: 'h', sensor: 's' }],
    ['without its state', zeekEntry({ conn_state: undefined })],
    ['with nothing but byte counts', { ...TCP, orig_bytes: 1, cipher: 'x', version: 'y' }],
  ])('is none of them: %s', (_, entry) => {
    expect(parseRecord(entry)).toMatchObject({ ok: true });
  });

  it('that lacks its protocol is invalid', () => {
    expect(parseRecord({ ...SIDES, service: 'ssl' })).toEqual({
      ok: false,
      reason: 'protocol: missing',
    });
  });

  it('has the protocol that only a number names', () => {
    expect(parseRecord({ ...SIDES, proto: 'unknown_transport', ip_proto: 47 })).toMatchObject({
      record: { protocol: 'gre', dst_port: 0 },
    });
  });
});
