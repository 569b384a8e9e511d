import { pick, type Random, wholeNumber } from '../../bench/random.ts';

/** A record in canonical form; its keys may be in any order. */
export interface MadeRecord {
  readonly timestamp: number;
  readonly src_ip: string;
  readonly dst_ip: string;
  readonly dst_port: number;
  readonly protocol: string;
  readonly [further: string]: unknown;
}

const FIRST_OCTETS = [5, 8, 23, 34, 45, 62, 80, 91, 104, 130, 146, 185, 193, 212];
const COMMON_PORTS = [22, 53, 80, 443, 8080];
const CITIES = ['Köln', '北京', 'São Paulo 🎉', 'O"Brien\\n', 'Łódź'];

/** Few enough to occur in several messages. */
export function addressPool(size: number, random: Random): string[] {
  return Array.from({ length: size }, () => (random() < 0.15 ? publicV6(random) : publicV4(random)));
}

function publicV4(random: Random): string {
  const octet = () => wholeNumber(0, 255, random);
  return `${pick(FIRST_OCTETS, random)}.${octet()}.${octet()}.${wholeNumber(1, 254, random)}`;
}

function publicV6(random: Random): string {
  const group = () => wholeNumber(1, 0xffff, random).toString(16);
  return `2a0${wholeNumber(1, 9, random)}:${group()}:${group()}::${group()}`;
}

function insideAddress(random: Random): string {
  return `10.${wholeNumber(0, 3, random)}.${wholeNumber(0, 255, random)}.${wholeNumber(1, 254, random)}`;
}

/** A record with few fields, as most sensors send it. */
export function plainRecord(address: string, timestamp: number, random: Random): MadeRecord {
  return {
    bytes: wholeNumber(0, 1_000_000, random),
    dst_ip: address,
    dst_port: pick(COMMON_PORTS, random),
    id: `C${Math.floor(random() * 2 ** 40).toString(36)}`,
    protocol: 'tcp',
    src_ip: '10.0.0.8',
    src_port: wholeNumber(1024, 65_535, random),
    timestamp,
  };
}

/** A record with some of everything: directions, intelligence, geo data, unknown and nested fields. */
export function richRecord(address: string, timestamp: number, random: Random): MadeRecord {
  const isInbound = random() < 0.3;
  const inside = insideAddress(random);
  const chance = (share: number) => random() < share;
  return {
    timestamp,
    src_ip: isInbound ? address : inside,
    dst_ip: isInbound ? inside : address,
    dst_port: chance(0.7) ? pick(COMMON_PORTS, random) : wholeNumber(0, 65_535, random),
    protocol: pick(['tcp', 'tcp', 'udp', 'icmp'], random),
    ...(chance(0.8) && { id: `C${Math.floor(random() * 2 ** 40).toString(36)}` }),
    ...(chance(0.7) && { src_port: wholeNumber(1024, 65_535, random) }),
    ...(chance(0.7) && { bytes: wholeNumber(0, 1_000_000_000, random) }),
    ...(chance(0.2) && { local_orig: !isInbound, local_resp: isInbound }),
    ...(chance(0.15) && { threat_intel: intelligence(random) }),
    ...(chance(0.15) && {
      geo_data: { country_code: pick(['US', 'DE', 'CN'], random), city: pick(CITIES, random) },
    }),
    ...(chance(0.1) && { service: pick(['http', 'ssl', '-'], random) }),
    ...(chance(0.03) && { nested: { b: [1, 2, { z: null, a: 'x' }], a: random() } }),
    ...(chance(0.01) && { constructor: 'an odd name' }),
  };
}

function intelligence(random: Random): Record<string, unknown> {
  const total = wholeNumber(60, 94, random);
  return {
    ...(random() < 0.7 && {
      virustotal: { malicious_vendors: wholeNumber(0, 40, random), total_vendors: total },
    }),
    ...(random() < 0.7 && {
      abuseipdb: {
        confidence_score: wholeNumber(0, 100, random),
        total_reports: wholeNumber(0, 500, random),
        last_reported_at: 1_690_000_000 + wholeNumber(0, 5_000_000, random),
      },
    }),
  };
}

/** A record of a connection to an address that providers call malicious. */
export function accusedRecord(address: string, timestamp: number, random: Random): MadeRecord {
  return {
    ...plainRecord(address, timestamp, random),
    threat_intel: {
      virustotal: { malicious_vendors: wholeNumber(50, 60, random), total_vendors: 70 },
      abuseipdb: {
        confidence_score: 100,
        total_reports: wholeNumber(100, 500, random),
        last_reported_at: timestamp,
      },
    },
  };
}

/** A record of up to 4 KB with unique geo data, so that it gets its own verdict. */
export function heavyRecord(address: string, timestamp: number, bytes: number, random: Random): MadeRecord {
  const note = Math.floor(random() * 2 ** 40).toString(36);
  return {
    timestamp,
    src_ip: '10.0.0.8',
    dst_ip: address,
    dst_port: 443,
    protocol: 'tcp',
    geo_data: { country_code: 'US', note: note.repeat(Math.ceil(bytes / note.length)).slice(0, bytes) },
  };
}

/** Finds the scored side by the rules in docs/scoring.md. */
export function remoteAddress(record: MadeRecord): string {
  const isInside = (address: string) => address.startsWith('10.');
  const isSourceLocal = record.local_orig ?? isInside(record.src_ip);
  const isDestinationLocal = record.local_resp ?? isInside(record.dst_ip);
  return isDestinationLocal === true && isSourceLocal === false ? record.src_ip : record.dst_ip;
}

/** Writes a record as another sensor might: nulls, upper case, mapped addresses, another field order. */
export function spelled(record: MadeRecord, random: Random): Record<string, unknown> {
  const written: Record<string, unknown> = { ...record };
  if (random() < 0.2) written.protocol = record.protocol.toUpperCase();
  if (random() < 0.1 && record.dst_ip.includes('.')) written.dst_ip = `::ffff:${record.dst_ip}`;
  if (random() < 0.3 && record.src_ip.includes(':')) written.src_ip = record.src_ip.toUpperCase();
  if (record.id === undefined && random() < 0.3) written.id = null;
  if (Number.isInteger(record.timestamp) && random() < 0.1) {
    written.timestamp = new Date(record.timestamp * 1000).toISOString();
  }
  const fields = Object.entries(written);
  return Object.fromEntries(random() < 0.3 ? fields.reverse() : fields);
}

/** The text of an invalid entry, on one line. */
export function invalidText(record: MadeRecord, isArray: boolean, random: Random): string {
  const { protocol: _, ...withoutProtocol } = record;
  const inJson = [
    JSON.stringify({ ...record, dst_port: 70_000 }),
    JSON.stringify({ ...record, src_ip: '300.1.1.1' }),
    JSON.stringify({ ...record, timestamp: -5 }),
    JSON.stringify(withoutProtocol),
    JSON.stringify({ ...record, pad: 'é'.repeat(2_500) }),
    'null',
    '17',
    '"text, with \\"quotes\\""',
    '{}',
    '[1,[2,"]"]]',
    '{"timestamp":1.0}',
  ];
  const broken = ['{"timestamp": 17', 'not json at all é', JSON.stringify(record).slice(0, -1)];
  return pick(isArray ? inJson : [...inJson, ...broken], random);
}
