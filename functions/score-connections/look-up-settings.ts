import type { IntelligenceSettings } from './create-intelligence.ts';
import type { Environment } from './environment.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The settings of look-ups, from the environment variables. */
export function lookUpSettings(
  environment: Environment,
): Omit<IntelligenceSettings, 'readKeys' | 'onKeysProblem' | 'onListsProblem'> {
  return {
    baseUrls: { virustotal: environment.VIRUSTOTAL_URL, abuseipdb: environment.ABUSEIPDB_URL },
    budgets: {
      virustotal: [
        { calls: environment.VIRUSTOTAL_CALLS_PER_MINUTE, milliseconds: MINUTE_MS },
        { calls: environment.VIRUSTOTAL_CALLS_PER_DAY, milliseconds: DAY_MS },
      ],
      abuseipdb: [
        { calls: environment.ABUSEIPDB_CALLS_PER_MINUTE, milliseconds: MINUTE_MS },
        { calls: environment.ABUSEIPDB_CALLS_PER_DAY, milliseconds: DAY_MS },
      ],
    },
    knownMs: environment.INTEL_TTL_HOURS * HOUR_MS,
    unknownMs: environment.INTEL_UNKNOWN_TTL_HOURS * HOUR_MS,
    callTimeoutMs: environment.LOOKUP_TIMEOUT_MS,
    waitMs: environment.LOOKUP_WAIT_MS,
    listsMaxAgeMs: environment.LISTS_MAX_AGE_SECONDS * 1000,
    keysMaxAgeMs: environment.PROVIDER_KEYS_MAX_AGE_SECONDS * 1000,
  };
}
