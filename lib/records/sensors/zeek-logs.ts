import type { Fields } from './sensed.ts';

/**
 * Fields that only `conn.log` has. An entry with one of them is a connection, whatever fields a site's own scripts add.
 */
const CONNECTION_FIELDS = [
  'conn_state',
  'orig_pkts',
  'resp_pkts',
  'orig_ip_bytes',
  'resp_ip_bytes',
  'orig_bytes',
  'resp_bytes',
  'missed_bytes',
  'tunnel_parents',
  'tunnel_parents[]',
] as const;

/**
 * Zeek's other logs, one a line, with the fields that distinguish each from `conn.log`; `+` joins fields that are
 * distinctive only together. The first match names the entry, so logs with common fields come last
 * (https://docs.zeek.org/en/current/script-reference/log-files.html).
 */
const OTHER_LOGS = `
dns trans_id qclass qtype qtype_name rcode rcode_name query+answers AA+RD query+rejected
quic client_initial_dcid client_scid server_scid
kerberos request_type renewable forwardable
sip call_id+uri request_from response_from cseq request_path response_path
smtp mailfrom helo rcptto last_reply
http request_body_len response_body_len status_code+host trans_depth method+host method+uri
ssh auth_success auth_attempts kex_alg host_key_alg mac_alg
rdp security_protocol keyboard_layout client_build cookie+result
ssl cipher+version established+resumed ssl_history cert_chain_fuids cert_chain_fps server_name+version
notice note+msg note+actions suppress_for
telemetry metric_type prefix+labels labels+label_values
weird name+notice name+peer
files seen_bytes fuid+mime_type fuid+analyzers tx_hosts rx_hosts
x509 certificate.serial certificate_serial certificate+fingerprint san.dns
ocsp hashAlgorithm issuerNameHash
pe compile_ts is_exe
dhcp msg_types client_addr assigned_addr lease_time
ntp stratum ref_id org_time xmt_time
smb_files prev_name times.modified times_modified path+name+action
smb_mapping native_file_system share_type
dce_rpc named_pipe endpoint+operation
ntlm server_nb_computer_name server_dns_computer_name domainname
ftp reply_code+command reply_msg+command data_channel.passive data_channel_passive
radius connect_info framed_addr tunnel_client ttl+result
snmp get_requests get_bulk_requests community+version
socks bound_p request_p bound.host request.host
mysql cmd+arg cmd+success
postgresql frontend+backend application_name+database
redis cmd.name cmd.key
irc nick+command nick+value dcc_file_name
ldap message_id+opcode scope+base_object
ldap_search base_object deref_aliases
rfb client_major_version authentication_method
modbus func+unit func+pdu_type tid+unit
dnp3 fc_request fc_reply
mqtt proto_version+connect_status topic+qos topics+action
websocket subprotocol+uri server_extensions client_extensions
syslog facility+severity
tunnel tunnel_type
intel seen.indicator seen_indicator matched+sources seen+sources
signatures sig_id sig_count event_msg
dpd analyzer+failure_reason
analyzer failure_reason analyzer_kind analyzer_name failure_data
software software_type version.major unparsed_version
known_certs issuer_subject
known_services port_num
known_devices dhcp_host_name
capture_loss percent_lost gaps+acks ts_delta+peer
stats pkts_proc mem+peer events_proc active_tcp_conns
broker ty+ev
cluster node+message
reporter level+message+location
packet_filter node+filter
netcontrol rule_id+category rule_id+orig_h
openflow dpid
loaded_scripts local_libs
config old_value+new_value
`;

const RULES = OTHER_LOGS.trim()
  .split('\n')
  .flatMap((line) => {
    const [kind = '', ...fields] = line.split(' ');
    return fields.map((all) => ({ kind, fields: all.split('+') }));
  });

/** Logs with so few fields that they are recognised only if there are no others. */
const SMALL_LOGS: readonly { readonly kind: string; readonly fields: readonly string[] }[] = [
  { kind: 'known_hosts', fields: ['ts', 'host'] },
  { kind: 'known_devices', fields: ['ts', 'mac'] },
  { kind: 'traceroute', fields: ['ts', 'src', 'dst', 'proto'] },
];

/** Fields that say nothing about which log an entry is from. */
const COMMON_FIELDS =
  /^(?:ts|uid|id|id[._].*|proto|service|duration|history|local_\w+|[_@].*|host|hostname|path)$/;

/** Whether an entry, or a log with these columns, has fields that only `conn.log` has. */
function hasConnectionFields(entry: Fields): boolean {
  return CONNECTION_FIELDS.some((name) => name in entry);
}

/**
 * Identifies an entry's log, other than `conn.log`, by its fields: Zeek's JSON does not name it. Anything that could be
 * a connection gives undefined.
 *
 * @param entry without `conn_state`, or an object keyed by a log's column names
 */
export function otherZeekLog(entry: Fields): string | undefined {
  if (hasConnectionFields(entry)) return undefined;
  const rule = RULES.find(({ fields }) => fields.every((name) => name in entry));
  if (rule !== undefined) return rule.kind;
  const names = Object.keys(entry);
  if (isLoadedScript(entry)) return 'loaded_scripts';
  const small = SMALL_LOGS.find(
    ({ fields }) => names.length === fields.length && fields.every((name) => name in entry),
  );
  if (small !== undefined) return small.kind;
  // A connection always has a protocol. An entry without one comes from a site's own script.
  return !('proto' in entry) && 'uid' in entry && names.some((name) => !COMMON_FIELDS.test(name))
    ? 'other Zeek log'
    : undefined;
}

function isLoadedScript(entry: Fields): boolean {
  const { name } = entry;
  return typeof name === 'string' && /\.(?:zeek|bro)$/.test(name) && Object.keys(entry).length === 1;
}

/** Whether an entry without two sides is still from Zeek: certificates, files, statistics, ... */
export function isZeekEntryWithoutSides(entry: Fields): boolean {
  // The log of loaded scripts has no other field, not even a time.
  if (isLoadedScript(entry)) return true;
  if (!('ts' in entry) || 'timestamp' in entry || 'src_ip' in entry) return false;
  // A shipper may add such fields around an entry.
  if (typeof entry.message === 'string' && entry.message.trimStart().startsWith('{')) return false;
  return typeof entry._path === 'string' || otherZeekLog(entry) !== undefined;
}
