import type { Settings } from '../../cutover/settings.ts';
import type { ParameterValue, ValueInForce } from '../../cutover/stored-settings.ts';

/** A change that may be made, to be shown before it is. */
export interface ProposedChange {
  /** Undefined if there are neither settings nor initial ones. */
  readonly before: ValueInForce | undefined;
  /** Undefined if there is nothing, or the value that is there is invalid. */
  readonly from: Settings | undefined;
  readonly to: Settings;
  /** Whether it is taken back if the rollback alarm goes off while it is written. */
  readonly isGuarded: boolean;
  /** What is written: the settings, and keys that this version does not know as they were. */
  readonly value: string;
  readonly description: string;
}

/** A reset that may be made, to be shown before it is. */
export interface ProposedReset {
  readonly before: ParameterValue;
  /** Undefined if the value that is there is invalid. */
  readonly from: Settings | undefined;
  readonly initial: ParameterValue;
  readonly to: Settings;
  readonly isGuarded: boolean;
  readonly description: string;
}
