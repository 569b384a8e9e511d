import type { Settings } from '../../cutover/settings.ts';
import type { ParameterValue, ValueInForce } from '../../cutover/stored-settings.ts';

/** A change, shown before it is made. */
export interface ProposedChange {
  /** Undefined if there are neither operator's nor initial settings. */
  readonly before: ValueInForce | undefined;
  /** Undefined if there is no value, or it is invalid. */
  readonly from: Settings | undefined;
  readonly to: Settings;
  /** Whether the change is undone if the rollback alarm triggers while it is written. */
  readonly isGuarded: boolean;
  /** The value to write: the settings, with unknown keys left unchanged. */
  readonly value: string;
  readonly description: string;
}

/** A reset, shown before it is made. */
export interface ProposedReset {
  readonly before: ParameterValue;
  /** Undefined if the current value is invalid. */
  readonly from: Settings | undefined;
  readonly initial: ParameterValue;
  readonly to: Settings;
  readonly isGuarded: boolean;
  readonly description: string;
}
