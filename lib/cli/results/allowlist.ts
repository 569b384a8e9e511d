import type { AllowEntry } from '../../intelligence/allowlist/allow-entry.ts';
import type { Label } from '../../store/labels.ts';
import type { ReadAssessment } from '../../store/read-address-items.ts';

/** What adding an entry to the allowlist came to. */
export interface AddedEntry {
  readonly entry: AllowEntry;
  /** The entry that covered the same before. */
  readonly replaced: AllowEntry | undefined;
  /** Addresses it covers that somebody labelled malicious, the newest label first. */
  readonly contradicting: readonly Label[];
}

/** What is known of an address's being allowed. */
export interface WhyAllowed {
  readonly address: string;
  /** Entries in force that cover it, those of the smallest networks first. */
  readonly entries: readonly AllowEntry[];
  /** Entries that covered it until they expired. */
  readonly expired: readonly AllowEntry[];
  /** Its latest assessment: what it would count for if nothing allowed it. */
  readonly latest: ReadAssessment | undefined;
}
