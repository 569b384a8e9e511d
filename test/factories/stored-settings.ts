import type { SettingsNames } from '../../lib/cutover/stored-settings.ts';

/** Names of the parameters, where it does not matter what they are. */
export const NAMES: SettingsNames = { settings: '/settings', initial: '/initial' };

/** A value of one of them as SSM describes it. */
export interface DescribedValue {
  readonly Value?: string;
  readonly Version?: number;
  readonly LastModifiedDate?: Date;
}

/** What SSM answers when it is asked for both; undefined for one that does not exist. */
export function bothParameters(settings: DescribedValue | undefined, initial?: DescribedValue) {
  const values = { [NAMES.settings]: settings, [NAMES.initial]: initial };
  const names = Object.keys(values);
  return {
    Parameters: names.flatMap((Name) => (values[Name] === undefined ? [] : [{ Name, ...values[Name] }])),
    InvalidParameters: names.filter((name) => values[name] === undefined),
  };
}
