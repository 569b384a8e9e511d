import type { AddressRange } from './address-range.ts';

/** A range whose addresses were all on a list. */
export interface ListedRange extends AddressRange {
  /** The last day on which they were, days since the epoch (UTC), 0-65,535. */
  readonly lastListedDay: number;
}

const DAY_MS = 86_400_000;

/** @returns days since the epoch (UTC) */
export function dayOf(epochMs: number): number {
  return Math.floor(epochMs / DAY_MS);
}
