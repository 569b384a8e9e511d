import { cutoverTo } from '../../../cutover/plan-change.ts';
import { DEFAULT_SETTINGS, type Mode, readSettings } from '../../../cutover/settings.ts';
import type { ChooseSettings } from '../../../local/create-resources.ts';
import { CliError } from '../../cli-error.ts';

/** What a call says about whose score an embedded stack uses. */
export interface ModeOptions {
  readonly mode?: Mode;
  readonly percent?: number;
}

/** An embedded stack is there to show the consensus; a deployment begins with the legacy score. */
export const LOCAL_MODE: Mode = 'consensus';

/**
 * Says what an embedded stack's settings are to be, given those of an earlier run, if any: what the options ask for,
 * and all else as it was. What was reset in an earlier run stays so, unless the options ask for a mode.
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
