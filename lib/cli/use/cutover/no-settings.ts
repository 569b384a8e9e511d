import type { SettingsNames } from '../../../cutover/stored-settings.ts';

/** What is wrong, and what to do, where an environment has neither settings nor initial ones. */
export function noSettings({ settings, initial }: SettingsNames): string {
  return (
    `there is neither ${settings} nor ${initial}, so the legacy score is used. ` +
    'Are names, account and AWS_REGION right? Deploying creates the initial settings'
  );
}
