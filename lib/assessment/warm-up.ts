import { DEFAULT_SETTINGS } from '../cutover/settings.ts';
import type { IsLocal } from '../records/locality.ts';
import { packedUnit } from './form-units.ts';
import { readBody } from './read-body.ts';
import { type ScoredUnit, scoreUnit } from './score-unit.ts';
import { settledOptions } from './settled-options.ts';

/**
 * Enough to have the hot functions of reading and scoring compiled; docs/decisions/bundling.md has measurements for
 * fewer and more.
 */
const RECORDS = 800;
/** Records that bring listings along are rare, and take the long way through the schema. */
const RECORDS_PER_LISTED_ONE = 16;

/**
 * Scores made-up records, so that the first real batch of an execution environment finds its code compiled: cold, the
 * first thousand records take three times as long. Lambda starts an environment with a full CPU before it counts the
 * invocation. Mode `parallel` covers all the code that can run.
 *
 * @returns the results, which are not stored
 */
export function warmUp({
  isLocal,
  retentionSeconds,
}: {
  readonly isLocal: IsLocal;
  readonly retentionSeconds: number;
}): ScoredUnit {
  const records = Array.from({ length: RECORDS }, (_, n) => JSON.stringify(madeUpRecord(n)));
  const settings = { ...DEFAULT_SETTINGS, mode: 'parallel' as const, consensusPercent: 50 };
  const settled = settledOptions({ settings, origin: { source: 'none' }, unknownKeys: [] });
  const body = `${records.join('\n')}\n{}`;
  const message = { messageId: 'warm-up', body, sentAtMs: 0, receiveCount: 1, receiptHandle: '' };
  return scoreUnit(packedUnit(readBody([message], isLocal)), { retentionSeconds, ...settled });
}

function madeUpRecord(n: number) {
  const vendors = { malicious_vendors: n % 20, suspicious_vendors: n % 3, total_vendors: 94 };
  const reports = {
    confidence_score: n % 101,
    total_reports: n,
    num_distinct_users: n >> 1,
    last_reported_at: 0,
  };
  const listings = [{ source: 'warm-up', kind: 'malicious', weight: 1 + n }];
  const isListed = n % RECORDS_PER_LISTED_ONE === 1;
  return {
    timestamp: n * 1_000.5,
    id: `C${n}`,
    src_ip: '192.0.2.10',
    src_port: 1_024 + n,
    dst_ip: n % 4 === 0 ? `2001:db8::${n % 50}` : `198.51.100.${n % 50}`,
    dst_port: n % 2 === 0 ? 443 : n,
    protocol: 'tcp',
    bytes: n,
    local_orig: true,
    local_resp: false,
    ...(n % 3 !== 0 && {
      threat_intel: { virustotal: vendors, abuseipdb: reports, ...(isListed && { listings }) },
      geo_data: { country_code: 'ZZ' },
    }),
  };
}
