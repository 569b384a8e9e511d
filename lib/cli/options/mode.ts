import { type Command, InvalidArgumentError, Option } from 'commander';
import { cutoverTo } from '../../cutover/plan-change.ts';
import { DEFAULT_SETTINGS, MODES, type Mode, readSettings } from '../../cutover/settings.ts';
import { CliError } from '../cli-error.ts';

export interface ModeOptions {
  readonly mode?: Mode;
  readonly percent?: number;
}

/** An embedded stack is there to show the consensus; a deployment begins with the legacy score. */
const LOCAL_MODE: Mode = 'consensus';

/** Adds the options that say whose score an embedded stack uses. */
export function withMode(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--mode <mode>',
        `whose score is used (default: as the state in --data says, else ${LOCAL_MODE})`,
      ).choices(MODES),
    )
    .option(
      '--percent <n>',
      'with --mode parallel: the share of addresses with the consensus score',
      percent,
    );
}

/** Reads a whole number of percent. */
export function percent(text: string): number {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 100) return value;
  throw new InvalidArgumentError('expected a whole number from 0 to 100.');
}

/**
 * Says what an embedded stack's settings are to be, given those of an earlier run, if any: what the options ask for,
 * and all else as it was.
 *
 * @throws {CliError} where the options contradict each other
 */
export function chosenSettings({ mode, percent }: ModeOptions): (current: string | undefined) => string {
  if (percent !== undefined && mode !== 'parallel') {
    throw new CliError('--percent goes with --mode parallel: the other modes use one score for all', 2);
  }
  return (current) => {
    if (current !== undefined && mode === undefined) return current;
    const read = current === undefined ? undefined : readSettings(current);
    const settings = read?.ok ? read.settings : DEFAULT_SETTINGS;
    return JSON.stringify({ ...settings, ...cutoverTo(mode ?? LOCAL_MODE, percent) });
  };
}
