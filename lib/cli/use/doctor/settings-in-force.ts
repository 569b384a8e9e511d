import { getParameter } from '../../../cutover/settings-parameter.ts';
import { openSettings } from '../target/open-target.ts';
import type { Subject } from './subject.ts';

/** Opens the settings of what is examined. @returns what reads the value in force */
export async function settingsInForce({ environment }: Subject): Promise<() => Promise<string>> {
  const { client, name } = await openSettings(environment === undefined ? {} : { env: environment });
  return async () => (await getParameter(client, name)).value;
}
