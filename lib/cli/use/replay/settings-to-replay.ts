import { readFile } from 'node:fs/promises';
import { parseSettings, readSettings, type Settings, SettingsError } from '../../../cutover/settings.ts';
import { readStoredSettings, valueInForce } from '../../../cutover/stored-settings.ts';
import { fileError } from '../../../files/file-error.ts';
import { CliError } from '../../cli-error.ts';
import { noSettings } from '../cutover/no-settings.ts';
import { openSettings } from '../target/open-target.ts';
import type { TargetOptions } from '../target/resources.ts';

export interface SettingsOptions extends TargetOptions {
  /** A settings file; the settings in force by default. */
  readonly settings?: string;
}

/**
 * Reads the settings for a replay.
 *
 * @throws {CliError} if they are invalid, or the file cannot be read
 */
export async function settingsToReplay(options: SettingsOptions): Promise<Settings> {
  if (options.settings !== undefined) return await settingsIn(options.settings);
  const { client, names } = await openSettings(options);
  const inForce = valueInForce(await readStoredSettings(client, names));
  if (inForce === undefined) throw new CliError(noSettings(names));
  const read = readSettings(inForce.value);
  if (read.ok) return read.settings;
  const name = inForce.source === 'operator' ? names.settings : names.initial;
  throw new CliError(`the settings in ${name} are invalid: ${read.reason}; use --settings to name others`);
}

async function settingsIn(file: string): Promise<Settings> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new CliError(fileError(cause, { action: 'read', path: file }).message, 2, { cause });
  }
  try {
    return parseSettings(text);
  } catch (cause) {
    if (cause instanceof SettingsError) throw new CliError(`${file}: ${cause.message}`, 2, { cause });
    throw cause;
  }
}
