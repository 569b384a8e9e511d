import type { ProviderName } from '../../../intelligence/providers/provider.ts';
import { PROVIDERS } from '../../../intelligence/providers/providers.ts';

const URL_VARIABLES: Readonly<Record<ProviderName, string>> = {
  virustotal: 'VIRUSTOTAL_URL',
  abuseipdb: 'ABUSEIPDB_URL',
};

/** Where a provider is asked: its own service, or another one in its stead, as the function's variables say. */
export function providerUrl(provider: ProviderName): string {
  return process.env[URL_VARIABLES[provider]] || PROVIDERS[provider].baseUrl;
}
