import type { AllowEntry } from '../../intelligence/allowlist/allow-entry.ts';
import type { Label } from '../../store/labels.ts';

/** What people have said about an address. */
export interface KnownAbout {
  /** Newest first. */
  readonly labels: readonly Label[];
  /** Entries of the allowlist that cover it now. */
  readonly allowed: readonly AllowEntry[];
}
