import { type PastValue, parameterHistory } from '../../../cutover/parameter-history.ts';
import { readStoredSettings, type SettingsNames, valueInForce } from '../../../cutover/stored-settings.ts';
import { CliError } from '../../cli-error.ts';
import type { CutoverState } from '../../results/cutover-state.ts';
import { openSettings, stackCreation } from '../target/open-target.ts';
import type { TargetOptions } from '../target/resources.ts';
import { noSettings } from './no-settings.ts';

/**
 * Reads the settings in force.
 *
 * @throws {CliError} if there are neither operator's nor initial settings
 */
export async function readState(options: TargetOptions): Promise<CutoverState> {
  const { client, names } = await openSettings(options);
  const inForce = valueInForce(await readStoredSettings(client, names));
  if (inForce === undefined) throw new CliError(noSettings(names));
  const createdAtMs = await stackCreation(options);
  const isLeft =
    inForce.source === 'operator' && createdAtMs !== undefined && inForce.changedAtMs < createdAtMs;
  return { names, inForce, ...(isLeft && { newerStackMs: createdAtMs }) };
}

/** Reads the history of the operator's settings, latest last. */
export async function readHistory(
  options: TargetOptions,
): Promise<{ readonly names: SettingsNames; readonly history: readonly PastValue[] }> {
  const { client, names } = await openSettings(options);
  return { names, history: await Array.fromAsync(parameterHistory(client, names.settings)) };
}
