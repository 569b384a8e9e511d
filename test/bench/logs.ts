import { connectionRecord } from '../factories/records.ts';
import { eveFlow, ZEEK_HEADER, zeekEntry, zeekLine } from '../factories/sensor-logs.ts';
import { LOG_ADDRESS_SHARE, traffic } from './records.ts';

/** One log as three sensors would write it; as bytes, so that no object of theirs is in the garbage collector's way. */
export function sensorLogs(lines: number) {
  const records = connections(lines);
  const zeek = records.map(asZeekEntry);
  return {
    zeekJson: toBytes(zeek.map((entry) => JSON.stringify(entry))),
    zeekColumns: toBytes([...ZEEK_HEADER, ...zeek.map(zeekLine)]),
    eve: toBytes(records.map((record, n) => JSON.stringify(asEveFlow(record, n)))),
  };
}

type Connection = ReturnType<typeof connectionRecord>;

function connections(records: number): Connection[] {
  const options = { records, addresses: Math.ceil(records * LOG_ADDRESS_SHARE), intelShare: 0 };
  // Sensors write addresses in canonical form.
  return Array.from(traffic(options), ({ text }) => connectionRecord(JSON.parse(text)));
}

function asZeekEntry(record: Connection) {
  return zeekEntry({
    ts: record.timestamp,
    uid: record.id,
    'id.orig_h': record.src_ip,
    'id.orig_p': record.src_port,
    'id.resp_h': record.dst_ip,
    'id.resp_p': record.dst_port,
    proto: record.protocol,
    resp_bytes: record.bytes,
    local_orig: record.local_orig,
    local_resp: record.local_resp,
  });
}

function asEveFlow(record: Connection, n: number) {
  const flow = eveFlow();
  return {
    ...flow,
    timestamp: eveTime(record.timestamp + 61),
    flow_id: 1_374_195_536_000_000 + n,
    src_ip: record.src_ip,
    src_port: record.src_port,
    dest_ip: record.dst_ip,
    dest_port: record.dst_port,
    proto: record.protocol.toUpperCase(),
    flow: {
      ...(flow.flow as object),
      bytes_toclient: record.bytes,
      start: eveTime(record.timestamp),
      end: eveTime(record.timestamp + 1),
    },
  };
}

function eveTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('Z', '000+0000');
}

function toBytes(lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join('\n')}\n`);
}
