import { abuseIpdb } from './abuseipdb.ts';
import type { Provider, ProviderName } from './provider.ts';
import { virusTotal } from './virustotal.ts';

export const PROVIDERS: Readonly<Record<ProviderName, Provider>> = {
  virustotal: virusTotal,
  abuseipdb: abuseIpdb,
};
