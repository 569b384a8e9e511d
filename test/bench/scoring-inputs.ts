import { readExchange } from '../../lib/activity/exchange.ts';
import { stepOf } from '../../lib/activity/steps.ts';
import { describeUnit } from '../../lib/activity/unit-activity.ts';
import type { Activity } from '../../lib/consensus/activity.ts';
import type { ScoringInput } from '../../lib/consensus/scoring-input.ts';
import { parseRecord } from '../../lib/records/connection-record.ts';
import { remoteEndpoint, scoringInput } from '../../lib/records/endpoint.ts';
import { createLocality } from '../../lib/records/locality.ts';
import { pick, type Random, seededRandom, wholeNumber } from './random.ts';
import { logFiles, recordTexts } from './real-logs.ts';
import { traffic } from './records.ts';

/** Addresses about which nothing is known. */
export function bareInputs(count: number): ScoringInput[] {
  return Array.from({ length: count }, (_, n) => ({ address: `2001:db8::${n.toString(16)}` }));
}

/**
 * Endpoints as a sensor sees them, with what their connections show: two sources know something about most addresses.
 * No input comes twice, as the corridor scores each once.
 */
export function logInputs(count: number): ScoringInput[] {
  const inputs = new Map<string, ScoringInput>();
  for (let seed = 1; inputs.size < count; seed++) {
    for (const input of unitInputs(seed)) inputs.set(JSON.stringify(input), input);
  }
  return [...inputs.values()].slice(0, count);
}

/** As many records as `push` packs together, of as many addresses as half of them: some are seen once, some often. */
const UNIT = { records: 20_000, addresses: 10_000 };

function unitInputs(seed: number): ScoringInput[] {
  return inputsOf(Array.from(traffic({ ...UNIT, seed }), ({ text }) => text));
}

/** The distinct inputs of sensors' logs, each log taken for one storage unit; none without a folder. */
export async function realInputs(folder: string | undefined): Promise<ScoringInput[]> {
  const inputs = new Map<string, ScoringInput>();
  for (const path of folder === undefined ? [] : logFiles(folder)) {
    for (const input of inputsOf(await recordTexts(path))) inputs.set(JSON.stringify(input), input);
  }
  return [...inputs.values()];
}

/** The inputs of a storage unit, activity included. */
function inputsOf(texts: readonly string[]): ScoringInput[] {
  const isLocal = createLocality([]);
  const read = texts.map((text) => {
    const parsed = parseRecord(JSON.parse(text));
    if (!parsed.ok) throw new TypeError(parsed.reason);
    return { record: parsed.record, endpoint: remoteEndpoint(parsed.record, isLocal) };
  });
  const activity = describeUnit(read.flatMap(({ record, endpoint }) => readExchange(record, endpoint) ?? []));
  return read.map(({ record, endpoint }) =>
    scoringInput(record, endpoint, record.threat_intel, { activity: activity.of(endpoint) }),
  );
}

/** Endpoints about which every source says something, no two the same. */
export function fullInputs(count: number, seed = 1): ScoringInput[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, n) => {
    const reports = wholeNumber(0, 1_000, random);
    return {
      address: `2001:db8::${n.toString(16)}`,
      dst_port: wholeNumber(0, 65_535, random),
      protocol: pick(['tcp', 'udp', 'icmp'], random),
      direction: pick(['outbound', 'inbound', 'internal', 'external'] as const, random),
      threat_intel: {
        virustotal: {
          malicious_vendors: wholeNumber(0, 40, random),
          suspicious_vendors: wholeNumber(0, 5, random),
          total_vendors: 94,
        },
        abuseipdb: {
          confidence_score: wholeNumber(0, 100, random),
          total_reports: reports,
          num_distinct_users: Math.ceil(reports * random()),
          is_whitelisted: random() < 0.1,
          usage_type: pick(['Data Center/Web Hosting/Transit', 'Fixed Line ISP'], random),
          is_tor: random() < 0.05,
        },
        blocklist: { lists: wholeNumber(0, 10, random), total_lists: 25 },
      },
      geo_data: { country_code: pick(['DE', 'NL', 'US', 'BR', 'VN'], random) },
      report_age_days: wholeNumber(0, 90, random),
      activity: fullActivity(random),
    };
  });
}

/** Knocks, guesses and regular calls at once, more or fewer of each. */
function fullActivity(random: Random): Activity {
  const connections = stepOf(wholeNumber(1, 300, random));
  return {
    connections,
    hosts: pick([1, 2, 3], random),
    services: pick([1, 2, 10], random),
    answered: stepOf(wholeNumber(0, connections, random)),
    knocks: stepOf(wholeNumber(0, connections, random)),
    doors: pick([0, 1, 5], random),
    guesses: stepOf(wholeNumber(0, 40, random)),
    interval_seconds: pick([10, 60, 300], random),
    jitter_percent: pick([2, 10, 20, 50], random),
    size_jitter_percent: pick([2, 10, 50], random),
    companions: pick([0, 0, 3], random),
    is_brief: random() < 0.8,
  };
}
