import { type AskOutcome, askProvider } from '../../../intelligence/providers/ask-provider.ts';
import type { ProviderName } from '../../../intelligence/providers/provider.ts';
import { PROVIDERS } from '../../../intelligence/providers/providers.ts';
import { providerUrl } from './provider-url.ts';

/** A provider's answer about a key: it works or is rejected; `spent` means that it works but has no quota left now. */
export type KeyVerdict =
  | { readonly outcome: 'works' | 'refused' | 'spent' }
  /** The provider did not answer; nothing is known about the key. */
  | { readonly outcome: 'unknown'; readonly reason: string };

/** A well-known resolver, which every provider knows. */
const ADDRESS = '9.9.9.9';
const TIMEOUT_MS = 15_000;

/** Makes one request to a provider with a key, which counts against its quota. */
export async function testKey(provider: ProviderName, key: string): Promise<KeyVerdict> {
  const outcome = await askProvider({
    provider: PROVIDERS[provider],
    baseUrl: providerUrl(provider),
    address: ADDRESS,
    key,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return verdictOf(outcome);
}

function verdictOf(outcome: AskOutcome): KeyVerdict {
  switch (outcome.status) {
    case 'answered':
      return { outcome: 'works' };
    case 'bad_key':
      return { outcome: 'refused' };
    case 'limited':
      return { outcome: 'spent' };
    case 'failed':
      return { outcome: 'unknown', reason: outcome.reason };
  }
}
