import type { SSMClient } from '@aws-sdk/client-ssm';
import { putKey } from '../../../intelligence/keys/key-parameters.ts';
import { keysPath } from '../../../intelligence/keys/keys-path.ts';
import { PROVIDER_NAMES } from '../../../intelligence/providers/provider.ts';
import { startSimulatedProviders } from '../../../local/emulators/simulated-providers.ts';

/** Apart from the keys that a user may have set for the embedded stack: those are for the real providers. */
const KEYS_PATH = keysPath('simulated');

interface SimulatedLookUps {
  /** Leads the function to the stand-ins. */
  readonly functionEnvironment: Readonly<Record<string, string>>;
  storeKeys(ssm: SSMClient): Promise<void>;
  stop(): Promise<void>;
}

/** Calls a minute and a day of a plan that does not run out: with a free key's quotas, most of a log shows nothing. */
const CALLS = '1000000';

/** Starts stand-ins for the providers. */
export async function simulateLookUps(): Promise<SimulatedLookUps> {
  const { baseUrl, close } = await startSimulatedProviders();
  return {
    functionEnvironment: {
      VIRUSTOTAL_URL: baseUrl,
      ABUSEIPDB_URL: baseUrl,
      PROVIDER_KEYS_PATH: KEYS_PATH,
      VIRUSTOTAL_CALLS_PER_MINUTE: CALLS,
      VIRUSTOTAL_CALLS_PER_DAY: CALLS,
      ABUSEIPDB_CALLS_PER_MINUTE: CALLS,
      ABUSEIPDB_CALLS_PER_DAY: CALLS,
    },
    storeKeys: async (ssm) => {
      for (const provider of PROVIDER_NAMES) await putKey(ssm, KEYS_PATH, provider, 'made-up');
    },
    stop: close,
  };
}
