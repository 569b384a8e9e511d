import { cutoverTo } from '../../../cutover/plan-change.ts';
import { DEFAULT_SETTINGS, type Mode, readSettings } from '../../../cutover/settings.ts';
import type { ChooseSettings } from '../../../local/create-resources.ts';
import { CliError } from '../../cli-error.ts';

/** Options that choose which score an embedded stack uses. */
export interface ModeOptions {
  readonly mode?: Mode;
  readonly percent?: number;
}

/** An embedded stack shows the consensus by default; a deployment begins with the legacy score. */
export const LOCAL_MODE: Mode = 'consensus';

/**
 * Determines an embedded stack's settings, given those of an earlier run, if any: options change them, everything else
 * stays. Settings that were reset in an earlier run stay reset unless an option names a mode.
 *
 * @throws {CliError} if the options contradict each other
 */
export function chosenSettings({ mode, percent }: ModeOptions): ChooseSettings {
  if (percent !== undefined && mode !== 'parallel') {
    throw new CliError('--percent needs --mode parallel: the other modes use one score for all', 2);
  }
  return (current, isFirstRun) => {
    if (mode === undefined && !(isFirstRun && current === undefined)) return current;
    const read = current === undefined ? undefined : readSettings(current);
    const settings = read?.ok ? read.settings : DEFAULT_SETTINGS;
    return JSON.stringify({ ...settings, ...cutoverTo(mode ?? LOCAL_MODE, percent) });
  };
}
