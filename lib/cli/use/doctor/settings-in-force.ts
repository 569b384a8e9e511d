import { readStoredSettings, valueInForce } from '../../../cutover/stored-settings.ts';
import { CliError } from '../../cli-error.ts';
import { noSettings } from '../cutover/no-settings.ts';
import { openSettings } from '../target/open-target.ts';
import type { Subject } from './subject.ts';

/**
 * Opens the target's settings. @returns a function that reads the value in force: the operator's, else the initial one
 */
export async function settingsInForce({ environment }: Subject): Promise<() => Promise<string>> {
  const { client, names } = await openSettings(environment === undefined ? {} : { env: environment });
  return async () => {
    const inForce = valueInForce(await readStoredSettings(client, names));
    if (inForce === undefined) throw new CliError(noSettings(names));
    return inForce.value;
  };
}
