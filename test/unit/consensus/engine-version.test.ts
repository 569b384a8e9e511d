import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Activity } from '../../../lib/consensus/activity.ts';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import type { Detection } from '../../../lib/consensus/detection.ts';
import { ENGINE_VERSION } from '../../../lib/consensus/engine-version.ts';
import { LIST_KINDS } from '../../../lib/consensus/listing.ts';
import type { ScoringInput } from '../../../lib/consensus/scoring-input.ts';

/**
 * Hash of the engine's answers to some hundred inputs, by version. If this fails, a verdict has changed: raise the
 * version and add its hash. Never change the hash of a released version.
 */
const VERDICTS_BY_VERSION: Readonly<Record<string, string>> = {
  '1.0.0': '29caa9e06b3f1f7f',
  '1.1.0': 'f4cd99f3997131f7',
  '1.2.0': 'de2f372dfdb140b2',
  '1.3.0': 'fdb94009fb46416d',
  '1.4.0': 'ae025f4056bb9617',
  '1.5.0': '9cf0b3b69af8f0ae',
  '1.6.0': '9cf0b3b69af8f0ae',
};

it('a verdict changes only with the version of the engine', () => {
  const consensus = createConsensus();

  const hash = createHash('sha256');
  for (const input of inputs()) hash.update(JSON.stringify(consensus.assess(input)));

  expect(hash.digest('hex').slice(0, 16)).toBe(VERDICTS_BY_VERSION[ENGINE_VERSION]);
});

function activityOf(n: number): Activity {
  const connections = n % 40;
  return {
    connections,
    hosts: 1 + (n % 3),
    services: 1 + (n % 7),
    answered: n % 5 === 0 ? 0 : n % 20,
    knocks: n % 9,
    doors: n % 6,
    guesses: n % 8 === 0 ? n : 0,
    ...(n % 4 === 0 && {
      interval_seconds: 50,
      jitter_percent: n % 40,
      size_jitter_percent: n % 30,
      is_brief: true,
    }),
  };
}

function detectionsOf(n: number): Detection[] {
  return Array.from({ length: n % 5 }, (_, rule) => ({
    signature: `rule ${rule}`,
    signature_id: rule,
    severity: 1 + ((n + rule) % 4),
    ...((n + rule) % 3 === 0 && { forgeable: true as const }),
  }));
}

function* inputs(): Generator<ScoringInput> {
  const directions = ['outbound', 'inbound', 'internal', 'external'] as const;
  const ports = [0, 22, 25, 53, 80, 139, 443, 800, 5432, 40_000];
  for (let n = 0; n < 300; n++) {
    const endpoint = {
      address: `198.51.100.${n % 250}`,
      dst_port: ports[n % ports.length] ?? 0,
      protocol: n % 7 === 0 ? 'icmp' : 'tcp',
      direction: directions[n % 4] ?? 'outbound',
    };
    const virustotal = { malicious_vendors: n % 30, suspicious_vendors: n % 4, total_vendors: 94 };
    const abuseipdb = {
      confidence_score: (n * 7) % 101,
      total_reports: n * 3,
      num_distinct_users: n,
      is_whitelisted: n % 11 === 0,
      is_tor: n % 13 === 0,
    };
    const blocklist = { lists: n % 6, total_lists: 25 };
    const listings = LIST_KINDS.slice(0, n % 5).map((kind, place) => ({
      source: `list ${place}`,
      kind,
      weight: kind === 'malicious' || kind === 'suspicious' ? 1 + n * (place + 1) : 1,
      ...(n % 3 === 0 && { family: 'a family' }),
      ...(n % 2 === 0 && { unlisted_days: 7 }),
    }));
    yield endpoint;
    yield { ...endpoint, threat_intel: { virustotal } };
    yield { ...endpoint, threat_intel: { listings } };
    yield { ...endpoint, threat_intel: { listings, virustotal }, activity: activityOf(n) };
    yield { ...endpoint, activity: activityOf(n) };
    yield { ...endpoint, detections: detectionsOf(n), activity: activityOf(n) };
    yield { ...endpoint, detections: detectionsOf(n), threat_intel: { virustotal, listings } };
    yield { ...endpoint, threat_intel: { abuseipdb }, report_age_days: n };
    yield {
      ...endpoint,
      threat_intel: { virustotal, abuseipdb, blocklist },
      geo_data: { country_code: 'NL' },
    };
  }
}
