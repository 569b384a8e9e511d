import type { SettingsNames, ValueInForce } from '../../cutover/stored-settings.ts';

/** The settings in force, with their context. */
export interface CutoverState {
  readonly names: SettingsNames;
  readonly inForce: ValueInForce;
  /** Creation time of the stack, if newer than the operator's settings, which an earlier stack left behind. */
  readonly newerStackMs?: number;
}
