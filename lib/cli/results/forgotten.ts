/** What was erased about an address, or would be. */
export interface Forgotten {
  readonly address: string;
  readonly isDryRun: boolean;
  /** Counts by kind; counts for a local host are present only if it was searched for as one. */
  readonly erased: Readonly<Record<string, number>>;
  /** Allowlist entries for exactly this address. They are kept, since a human added them. */
  readonly allowEntries: readonly string[];
}

/** @returns the total number of items */
export function sumOf({ erased }: Forgotten): number {
  return Object.values(erased).reduce((sum, count) => sum + count, 0);
}
