/** What was erased of an address, or would be. */
export interface Forgotten {
  readonly address: string;
  readonly isDryRun: boolean;
  /** How many by kind; those of a host of the site's own are there where it was looked for. */
  readonly erased: Readonly<Record<string, number>>;
  /** Entries of the allowlist that name the address alone: they stay, since somebody decided on them. */
  readonly allowEntries: readonly string[];
}

/** @returns how much it is in all */
export function sumOf({ erased }: Forgotten): number {
  return Object.values(erased).reduce((sum, count) => sum + count, 0);
}
