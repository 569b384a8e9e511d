import type { AbuseIpdbIntel, VirusTotalIntel } from '../../consensus/scoring-input.ts';

/** The services that are asked about addresses, in the order in which the legacy score prefers them. */
export const PROVIDER_NAMES = ['virustotal', 'abuseipdb'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** What a provider knows about an address, as fields of the connection record's `threat_intel`. */
export interface ProviderIntel {
  readonly virustotal: VirusTotalIntel;
  readonly abuseipdb: AbuseIpdbIntel & { readonly country_code?: string };
}

/**
 * What a provider says about an address. That it does not know it is an answer too; `refused` means that it will
 * not say anything about this address, however often it is asked.
 */
export type ProviderAnswer =
  | { readonly kind: 'known'; readonly intel: ProviderIntel[ProviderName] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused' };

/**
 * What a provider's own error means: it does not accept the key, was asked too often, does not know the address, or
 * will not say anything about it; `other` says nothing that lasts.
 */
export type ProviderErrorMeaning = 'bad_key' | 'limited' | 'unknown' | 'refused' | 'other';

/** How one provider is asked and understood; sending is not its affair. */
export interface Provider {
  readonly name: ProviderName;
  /** Where the service itself is, without a path. */
  readonly baseUrl: string;
  /** Path and query of the question about an address. */
  path(address: string): string;
  /** The header that carries the key. */
  readonly keyHeader: string;
  /**
   * Understands the body of a successful response.
   *
   * @param body what `JSON.parse` returned
   * @throws MalformedAnswerError where it is not what the provider documents, or about another address
   */
  read(body: unknown, address: string): ProviderAnswer;
  /**
   * Understands the body of an error.
   *
   * @returns undefined if it is not in the form of the provider's errors: something else answered in its place
   */
  meaningOf(body: unknown): ProviderErrorMeaning | undefined;
}

/** A provider's response makes no sense: it counts as a failure of the provider, not as an answer. */
export class MalformedAnswerError extends Error {
  override readonly name = 'MalformedAnswerError';
}
