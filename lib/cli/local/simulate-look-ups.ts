import type { SSMClient } from '@aws-sdk/client-ssm';
import { keysPath } from '../../deployment/provider-keys.ts';
import { startSimulatedProviders } from '../../local/simulated-providers.ts';
import { putKey } from '../../reputation/key-parameters.ts';
import { PROVIDER_NAMES } from '../../reputation/provider.ts';

/** Apart from the keys that a user may have set for the embedded stack: those are for the real providers. */
const KEYS_PATH = keysPath('simulated');

interface SimulatedLookUps {
  /** Leads the function to the stand-ins. */
  readonly functionEnvironment: Readonly<Record<string, string>>;
  storeKeys(ssm: SSMClient): Promise<void>;
  stop(): Promise<void>;
}

/** Starts stand-ins for the providers. The quotas are the real ones', so that their limits show. */
export async function simulateLookUps(): Promise<SimulatedLookUps> {
  const { baseUrl, close } = await startSimulatedProviders();
  return {
    functionEnvironment: {
      VIRUSTOTAL_URL: baseUrl,
      ABUSEIPDB_URL: baseUrl,
      PROVIDER_KEYS_PATH: KEYS_PATH,
    },
    storeKeys: async (ssm) => {
      for (const provider of PROVIDER_NAMES) await putKey(ssm, KEYS_PATH, provider, 'made-up');
    },
    stop: close,
  };
}
