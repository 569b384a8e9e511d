import type { SettingsNames, ValueInForce } from '../../cutover/stored-settings.ts';

/** What is in force, and what there is to know about it. */
export interface CutoverState {
  readonly names: SettingsNames;
  readonly inForce: ValueInForce;
  /** When the stack was created, where it is newer than an operator's settings: an earlier stack left them. */
  readonly newerStackMs?: number;
}
