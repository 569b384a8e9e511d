import type { AllowEntry } from '../../intelligence/allowlist/allow-entry.ts';
import type { Label } from '../../store/labels.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';

/** Result of adding an allowlist entry. */
export interface AddedEntry {
  readonly entry: AllowEntry;
  /** The entry that covered the same network before. */
  readonly replaced: AllowEntry | undefined;
  /** Malicious labels of addresses that the entry covers, newest first. */
  readonly contradicting: readonly Label[];
}

/** Why an address is allowed, or was. */
export interface WhyAllowed {
  readonly address: string;
  /** Entries in force that cover it, smallest network first. */
  readonly entries: readonly AllowEntry[];
  /** Expired entries that covered it. */
  readonly expired: readonly AllowEntry[];
  /** Its latest assessment, which would count if nothing allowed the address. */
  readonly latest: ReadAssessment | undefined;
}
