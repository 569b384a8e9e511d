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
 * A provider's answer about an address. `unknown` is an answer too; `refused` means that it will not answer about this
 * address, however often it is asked.
 */
export type ProviderAnswer =
  | { readonly kind: 'known'; readonly intel: ProviderIntel[ProviderName] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused' };

/**
 * The meaning of a provider's own error: it rejects the key, the rate limit is exceeded, it does not know the address,
 * or it will not answer about it; `other` is not lasting.
 */
export type ProviderErrorMeaning = 'bad_key' | 'limited' | 'unknown' | 'refused' | 'other';

/** Builds the request to one provider and parses its response; sending is done elsewhere. */
export interface Provider {
  readonly name: ProviderName;
  /** Address of the public service, without a path. */
  readonly baseUrl: string;
  /** Path and query of the question about an address. */
  path(address: string): string;
  /** The header that carries the key. */
  readonly keyHeader: string;
  /**
   * Parses the body of a successful response.
   *
   * @param body what `JSON.parse` returned
   * @throws MalformedAnswerError if it is not what the provider documents, or about another address
   */
  read(body: unknown, address: string): ProviderAnswer;
  /**
   * Parses the body of an error.
   *
   * @returns undefined if it is not in the form of the provider's errors: something else answered in its place
   */
  meaningOf(body: unknown): ProviderErrorMeaning | undefined;
}

/** A provider's response makes no sense: it counts as a failure of the provider, not as an answer. */
export class MalformedAnswerError extends Error {
  override readonly name = 'MalformedAnswerError';
}
