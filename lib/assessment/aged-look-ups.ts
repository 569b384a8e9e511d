import type { ThreatIntel } from '../consensus/scoring-input.ts';
import {
  ageOf,
  dayOfConnection,
  effectiveListings,
  type ListMatch,
} from '../intelligence/lists/effective-listings.ts';
import type { LookUps } from '../intelligence/look-up.ts';
import { scoredIntel } from '../store/assessment.ts';

/** Look-up results for an address, as of some of its connections. */
export interface AgedLookUps {
  /** Distinguishes what the lists say at different times. */
  readonly key: string;
  readonly lookUps: LookUps | undefined;
  /** The look-up results, in the form in which a record carries intelligence. */
  readonly intel: ThreatIntel | undefined;
}

/**
 * Look-up results of one address as of each connection: a list that no longer names the address counts less for later
 * connections. Ages advance in steps, so that almost always all connections of a unit share one form.
 */
export class LookUpsOverTime {
  readonly #lookUps: LookUps | undefined;
  readonly #matches: readonly ListMatch[];
  readonly #byDay = new Map<number, AgedLookUps>();
  readonly #byAges = new Map<string, AgedLookUps>();
  readonly #timeless: AgedLookUps | undefined;

  constructor(lookUps: LookUps | undefined) {
    this.#lookUps = lookUps;
    this.#matches = lookUps?.listings?.matches ?? [];
    if (this.#matches.length > 0) return;
    this.#timeless = { key: '', lookUps, intel: scoredIntel(undefined, lookUps) };
  }

  /** @param timestamp of a connection, epoch seconds */
  at(timestamp: number): AgedLookUps {
    if (this.#timeless !== undefined) return this.#timeless;
    const day = dayOfConnection(timestamp);
    const known = this.#byDay.get(day);
    if (known !== undefined) return known;
    const key = this.#matches.map((match) => ageOf(match, day) ?? '-').join(' ');
    const aged = this.#byAges.get(key) ?? this.#aged(key, day);
    this.#byAges.set(key, aged);
    this.#byDay.set(day, aged);
    return aged;
  }

  #aged(key: string, day: number): AgedLookUps {
    const { listings: _, ...rest } = this.#lookUps ?? {};
    const intel = effectiveListings(this.#matches, day);
    const lookUps: LookUps = intel.length === 0 ? rest : { ...rest, listings: { outcome: 'found', intel } };
    const isEmpty = Object.keys(lookUps).length === 0;
    return { key, lookUps: isEmpty ? undefined : lookUps, intel: scoredIntel(undefined, lookUps) };
  }
}
