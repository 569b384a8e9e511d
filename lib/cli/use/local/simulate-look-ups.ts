import type { SSMClient } from '@aws-sdk/client-ssm';
import { putKey } from '../../../intelligence/keys/key-parameters.ts';
import { keysPath } from '../../../intelligence/keys/keys-path.ts';
import { PROVIDER_NAMES } from '../../../intelligence/providers/provider.ts';
import { startSimulatedProviders } from '../../../local/emulators/simulated-providers.ts';

/** Separate from the user's own keys for the embedded stack, which are for the real providers. */
const KEYS_PATH = keysPath('simulated');

interface SimulatedLookUps {
  /** Points the function at the simulated providers. */
  readonly functionEnvironment: Readonly<Record<string, string>>;
  storeKeys(ssm: SSMClient): Promise<void>;
  stop(): Promise<void>;
}

/** Calls a minute and a day, high enough never to run out: with a free key's quota most of a log would show nothing. */
const CALLS = '1000000';

/** Starts simulated providers. */
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
