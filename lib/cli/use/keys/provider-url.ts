import type { ProviderName } from '../../../intelligence/providers/provider.ts';
import { PROVIDERS } from '../../../intelligence/providers/providers.ts';

const URL_VARIABLES: Readonly<Record<ProviderName, string>> = {
  virustotal: 'VIRUSTOTAL_URL',
  abuseipdb: 'ABUSEIPDB_URL',
};

/** A provider's URL: its own, or a replacement from the function's environment variables. */
export function providerUrl(provider: ProviderName): string {
  return process.env[URL_VARIABLES[provider]] || PROVIDERS[provider].baseUrl;
}
