import type { SettingsNames } from '../../../cutover/stored-settings.ts';

/** The error for an environment without operator's and initial settings, with advice. */
export function noSettings({ settings, initial }: SettingsNames): string {
  return (
    `there is neither ${settings} nor ${initial}, so the legacy score is used. ` +
    'Are names, account and AWS_REGION right? Deploying creates the initial settings'
  );
}
