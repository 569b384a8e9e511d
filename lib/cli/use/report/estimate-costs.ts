import type { LookUpOutcome } from '../../../intelligence/look-up.ts';
import { PROVIDER_NAMES } from '../../../intelligence/providers/provider.ts';
import type { Totals } from '../../../statistics/unit-tally.ts';
import type { EstimatedCosts } from '../../results/site-report.ts';
import { PROVIDER_QUOTAS } from '../scale/limits.ts';
import { recordCosts } from '../scale/traffic.ts';

const SECONDS_PER_DAY = 86_400;
const ANSWERED = ['found', 'unknown', 'refused'] as const satisfies readonly LookUpOutcome[];
const FREE_PLANS = {
  virustotal: PROVIDER_QUOTAS.VirusTotal.perDay,
  abuseipdb: PROVIDER_QUOTAS.AbuseIPDB.perDay,
};

/** AWS charges for records, estimated from measured costs of similar traffic, and the load on the providers' plans. */
export function estimateCosts(
  { records, assessments, lookups }: Pick<Totals, 'records' | 'assessments' | 'lookups'>,
  seconds: number,
): EstimatedCosts {
  const traffic = { rate: records / seconds, hotShare: 0, newAddressesPerDay: 0 };
  // If an address has several inputs, this exceeds the share of addresses, and the estimate is too high.
  const addressShare = records === 0 ? 0 : Math.min(1, assessments / records);
  const usd = (isSingle: boolean) =>
    (records / 1e6) * recordCosts({ ...traffic, addressShare, isSingle }).usdPerMillion;
  const days = seconds / SECONDS_PER_DAY;
  return {
    packed_usd: usd(false),
    single_usd: usd(true),
    lookups_a_day: PROVIDER_NAMES.flatMap((provider) => {
      const outcomes = lookups[provider];
      if (outcomes === undefined) return [];
      const answered = ANSWERED.reduce((sum, outcome) => sum + (outcomes[outcome] ?? 0), 0);
      return {
        provider,
        answered: answered / days,
        without_quota: (outcomes.no_quota ?? 0) / days,
        free_plan: FREE_PLANS[provider],
      };
    }),
  };
}
