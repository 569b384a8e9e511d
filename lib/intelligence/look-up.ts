import type { ThreatIntel } from '../consensus/scoring-input.ts';
import type { ListMatch } from './lists/effective-listings.ts';
import { PROVIDER_NAMES } from './providers/provider.ts';

/**
 * How a look-up of an address in one source ended.
 * - `found`, `unknown`: the source's answer, given now or kept from a look-up that is not too old;
 * - `stale`: an older answer, since the provider is down;
 * - `refused`: the provider does not speak about this address;
 * - `late`: no answer in time; it will be there for the next message;
 * - `no_quota`, `circuit_open`, `bad_key`: the provider was not asked, because its quota is used up, it keeps
 *   failing, or it does not accept the key;
 * - `failed`: it was asked and failed.
 */
export type LookUpOutcome =
  | 'found'
  | 'unknown'
  | 'stale'
  | 'refused'
  | 'late'
  | 'no_quota'
  | 'circuit_open'
  | 'bad_key'
  | 'failed';

export const LOOK_UP_SOURCES = [...PROVIDER_NAMES, 'listings'] as const;
export type LookUpSource = (typeof LOOK_UP_SOURCES)[number];

/** What was looked up in one source, since the record did not bring it along; stored with the verdict. */
export interface LookUp<Intel = unknown> {
  readonly outcome: LookUpOutcome;
  /** What the source knows about the address; it is scored like what a record brings along. */
  readonly intel?: Intel;
  /** When the provider answered, epoch seconds. */
  readonly answered_at?: number;
  /** Who answered in the provider's stead, where it was not the provider: `http://127.0.0.1:8080`. */
  readonly from?: string;
  /** The lists that name the address, until it is known how old that is at a connection; then `intel` says it. */
  readonly matches?: readonly ListMatch[];
}

export type LookUps = { readonly [Source in LookUpSource]?: LookUp<ThreatIntel[Source]> };

/** An address to look up, for the sources that its records don't bring along. */
export interface Subject {
  readonly address: string;
  readonly sources: ReadonlySet<LookUpSource>;
  /** Some of its records bring intelligence of another source. */
  readonly hasEvidence: boolean;
  /** Its connections are attempts from outside that nothing answered: anybody can make them, from any address. */
  readonly isKnocking: boolean;
  readonly connections: number;
}
