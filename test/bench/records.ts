import type { PackableRecord } from '../../lib/logs/packing.ts';
import { pick, type Random, seededRandom, wholeNumber } from './random.ts';
import { Zipf } from './zipf.ts';

/** What a sensor's log should look like. */
export interface TrafficOptions {
  readonly records: number;
  /** Distinct remote addresses; at most as many as records. */
  readonly addresses: number;
  /** Share of the addresses for which records bring threat intelligence; 0.6 by default. */
  readonly intelShare?: number;
  /** Share of the addresses that connect to the site rather than the reverse; 0.3 by default. */
  readonly inboundShare?: number;
  /** Whether records say how connections went: state, duration and bytes each way. They do by default. */
  readonly showsActivity?: boolean;
  readonly seed?: number;
}

/** Share of distinct addresses among the records of a sensor's real log: one in 25. */
export const LOG_ADDRESS_SHARE = 0.04;

const START = 1_790_000_000;
const SECONDS_PER_DAY = 86_400;
/** A sensor of a mid-sized site sees so many connections a second. */
const RECORDS_PER_SECOND = 20;
const SERVER = '192.0.2.10';
/** 198.18.0.0/15, set aside for benchmarks (RFC 2544); what is beyond is IPv6 (RFC 3849). */
const IPV4_ADDRESSES = 2 ** 17;

/**
 * Makes up records in the order in which a sensor would write them: new addresses keep turning up at an even pace,
 * known ones come back as Zipf's law has it. The same options give the same bytes.
 */
export function* traffic(options: TrafficOptions): Generator<PackableRecord> {
  const { records, addresses, seed = 1 } = options;
  if (addresses < 1 || addresses > records)
    throw new RangeError('one address at least, one a record at most');
  const random = seededRandom(seed);
  const popularity = new Zipf(addresses);
  let known = 0;
  for (let n = 0; n < records; n++) {
    const isNew = known * records < addresses * (n + 1) && known < addresses;
    const rank = isNew ? known++ : popularity.draw(known, random);
    yield recordOf(n, remoteHost(rank, options), random, options);
  }
}

/** What stays the same about a remote address. */
interface RemoteHost {
  readonly address: string;
  readonly isInbound: boolean;
  /** A scanner tries every port, anyone else wants one service. */
  readonly isScanner: boolean;
  readonly port: number;
  readonly knowledge: object;
}

function remoteHost(
  rank: number,
  { seed = 1, intelShare = 0.6, inboundShare = 0.3 }: TrafficOptions,
): RemoteHost {
  const random = seededRandom(Math.imul(rank + 1, 0x9e3779b1) ^ seed);
  const isInbound = random() < inboundShare;
  return {
    address: addressOf(rank),
    isInbound,
    isScanner: isInbound && random() < 0.3,
    port: pick(isInbound ? [22, 22, 445, 3389] : [443, 443, 443, 80, 53], random),
    knowledge: random() < intelShare ? knowledgeOf(isInbound, random) : {},
  };
}

function addressOf(rank: number): string {
  if (rank % 5 === 4 || rank >= IPV4_ADDRESSES)
    return `2001:db8::${(rank >> 16).toString(16)}:${(rank & 0xffff).toString(16)}`;
  return `198.${18 + (rank >> 16)}.${(rank >> 8) & 0xff}.${rank & 0xff}`;
}

function knowledgeOf(isSuspect: boolean, random: Random) {
  const reports = isSuspect ? wholeNumber(5, 900, random) : wholeNumber(0, 3, random);
  return {
    threat_intel: {
      virustotal: {
        malicious_vendors: isSuspect ? wholeNumber(0, 18, random) : 0,
        suspicious_vendors: wholeNumber(0, 2, random),
        total_vendors: 94,
      },
      abuseipdb: {
        confidence_score: isSuspect ? wholeNumber(20, 100, random) : 0,
        total_reports: reports,
        num_distinct_users: Math.ceil(reports / 3),
        ...(reports > 0 && { last_reported_at: START - wholeNumber(0, 60, random) * SECONDS_PER_DAY }),
        usage_type: pick(['Data Center/Web Hosting/Transit', 'Fixed Line ISP'], random),
      },
    },
    geo_data: { country_code: pick(['DE', 'NL', 'US', 'BR', 'VN'], random) },
  };
}

function recordOf(
  n: number,
  host: RemoteHost,
  random: Random,
  { showsActivity = true }: TrafficOptions,
): PackableRecord {
  const client = `10.20.${wholeNumber(0, 3, random)}.${wholeNumber(2, 250, random)}`;
  const dst_port = host.isScanner ? wholeNumber(1, 2_000, random) : host.port;
  const sent = Math.floor(random() ** 3 * 20_000);
  const received = Math.floor(random() ** 3 * 180_000);
  const activity = activityOf(host, sent, received, random);
  const text = JSON.stringify({
    timestamp: Math.round((START + (n + random()) / RECORDS_PER_SECOND) * 1e6) / 1e6,
    id: `C${Math.floor(random() * 2 ** 48).toString(36)}${n.toString(36)}`,
    src_ip: host.isInbound ? host.address : client,
    src_port: wholeNumber(1_024, 65_535, random),
    dst_ip: host.isInbound ? SERVER : host.address,
    dst_port,
    protocol: dst_port === 53 ? 'udp' : 'tcp',
    bytes: sent + received,
    ...(showsActivity && activity),
    local_orig: !host.isInbound,
    local_resp: host.isInbound,
    ...host.knowledge,
  });
  return { text, group: host.address };
}

/** Of a scanner's connections, most meet a closed door or none; of the others', hardly any. */
const ANSWERED_SHARE = { scanner: 0.05, other: 0.97 };

function activityOf({ isScanner }: RemoteHost, sent: number, received: number, random: Random) {
  const isAnswered = random() < (isScanner ? ANSWERED_SHARE.scanner : ANSWERED_SHARE.other);
  const isSilent = random() < 0.7;
  const duration = Math.round(random() ** 4 * 120 * 1e6) / 1e6;
  if (!isAnswered) return { state: isSilent ? 'unanswered' : 'refused', bytes_out: 0, bytes_in: 0 };
  return { state: 'answered', duration, bytes_out: sent, bytes_in: received };
}

/** The smallest records there are, each with an address of its own: the most assessments in the fewest bytes. */
export function* smallestRecords(records: number): Generator<PackableRecord> {
  for (let n = 0; n < records; n++) {
    const group = addressOf(n);
    yield {
      text: JSON.stringify({
        timestamp: n,
        src_ip: '10.0.0.1',
        dst_ip: group,
        dst_port: 1,
        protocol: 'tcp',
        local_orig: true,
        local_resp: false,
      }),
      group,
    };
  }
}
