import type { AllowEntry } from '../../intelligence/allowlist/allow-entry.ts';
import type { Label } from '../../store/labels.ts';

/** Human input about an address. */
export interface KnownAbout {
  /** Newest first. */
  readonly labels: readonly Label[];
  /** Allowlist entries that currently cover it. */
  readonly allowed: readonly AllowEntry[];
}
