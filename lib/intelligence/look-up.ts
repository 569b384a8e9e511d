import type { ThreatIntel } from '../consensus/scoring-input.ts';
import type { ListMatch } from './lists/effective-listings.ts';
import { PROVIDER_NAMES } from './providers/provider.ts';

/**
 * How the look-up of an address in one source ended.
 * - `found`, `unknown`: the source's answer, received now or stored by a recent look-up;
 * - `stale`: an older answer, since the provider is down;
 * - `refused`: the provider does not answer about this address;
 * - `late`: no answer in time; it will be available to the next message;
 * - `no_quota`, `circuit_open`, `bad_key`: the provider was not asked, because its quota is used up, it keeps failing,
 *   or it rejects the key;
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

/** The look-up result of one source, for intelligence the record did not carry; stored with the verdict. */
export interface LookUp<Intel = unknown> {
  readonly outcome: LookUpOutcome;
  /** What the source knows about the address; it is scored like intelligence from a record. */
  readonly intel?: Intel;
  /** When the provider answered, epoch seconds. */
  readonly answered_at?: number;
  /** The stand-in that answered, if it was not the provider itself: `http://127.0.0.1:8080`. */
  readonly from?: string;
  /** The lists that name the address, until their age at a connection is known; then `intel` holds them. */
  readonly matches?: readonly ListMatch[];
}

export type LookUps = { readonly [Source in LookUpSource]?: LookUp<ThreatIntel[Source]> };

/** An address to look up, for the sources that its records lack. */
export interface Subject {
  readonly address: string;
  readonly sources: ReadonlySet<LookUpSource>;
  /** Some of its records carry intelligence from another source. */
  readonly hasEvidence: boolean;
  /** All its connections are unanswered attempts from outside: anybody can make them, with any address. */
  readonly isKnocking: boolean;
  readonly connections: number;
}
