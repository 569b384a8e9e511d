import { type PastValue, parameterHistory } from '../../../cutover/parameter-history.ts';
import { getParameter, type ParameterValue } from '../../../cutover/settings-parameter.ts';
import { openSettings } from '../target/open-target.ts';
import type { TargetOptions } from '../target/resources.ts';

/** Reads the settings in force. */
export async function readState(
  options: TargetOptions,
): Promise<{ readonly name: string; readonly parameter: ParameterValue }> {
  const { client, name } = await openSettings(options);
  return { name, parameter: await getParameter(client, name) };
}

/** Reads all settings that were ever in force, the latest last. */
export async function readHistory(options: TargetOptions): Promise<PastValue[]> {
  const { client, name } = await openSettings(options);
  return await Array.fromAsync(parameterHistory(client, name));
}
