import { Command } from 'commander';
import { MODES, readSettings } from '../../cutover/settings.ts';
import { CliError } from '../cli-error.ts';
import { choiceArgument } from '../options/choice-argument.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { limitOption } from '../options/limit.ts';
import { percentOption } from '../options/percent.ts';
import { withTarget } from '../options/target.ts';
import { yesOption } from '../options/yes.ts';
import { confirm } from '../output/confirm.ts';
import {
  changedJson,
  changedLine,
  proposalLines,
  resetJson,
  resetLine,
  resetLines,
} from '../output/cutover/change-lines.ts';
import { historyJson, historyLines } from '../output/cutover/history-lines.ts';
import { stateJson, stateLines } from '../output/cutover/state-lines.ts';
import { writeLines } from '../output/write-lines.ts';
import { openGuardedSettings } from '../use/target/open-target.ts';
import { SETTINGS_RESOURCES, type TargetOptions } from '../use/target/resources.ts';

interface StateOptions extends TargetOptions, JsonOptions {}

interface SetOptions extends StateOptions {
  readonly percent?: number;
  readonly reason: string;
  readonly yes?: true;
  readonly force?: true;
}

interface ResetOptions extends StateOptions {
  readonly reason: string;
  readonly yes?: true;
}

interface HistoryOptions extends StateOptions {
  readonly limit: number;
}

const EXAMPLES = `
Examples:
  $ threat-consensus cutover                            whose score is used
  $ threat-consensus cutover set parallel               both scorers run, nothing else changes
  $ threat-consensus cutover set parallel --percent 5   the consensus score for 5 % of the addresses
  $ threat-consensus cutover set consensus              for all of them
  $ threat-consensus cutover set legacy                 and back
  $ threat-consensus cutover history                    what it was, since when, by whom
  $ threat-consensus cutover reset                      what the deployment began with
`;

/** Commands for the settings, which decide whose score is used. */
export function cutoverCommand(): Command {
  return new Command('cutover')
    .summary('show or change whose score is used')
    .description("Shows and changes an environment's settings, and shows their history.")
    .addCommand(stateCommand(), { isDefault: true })
    .addCommand(setCommand())
    .addCommand(resetCommand())
    .addCommand(historyCommand())
    .addHelpText('after', EXAMPLES);
}

function stateCommand(): Command {
  const command = new Command('state')
    .summary('show the settings in force and what they mean')
    .description(
      'Shows which settings are in force (set by someone, or the initial ones), when they were written, and what they mean.',
    )
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  $ threat-consensus cutover state --json | jq .mode\n')
    .action(showState);
  return withTarget(command, ...SETTINGS_RESOURCES);
}

function setCommand(): Command {
  const command = new Command('set')
    .summary('change whose score is used')
    .description(
      'Shows the old and new mode, asks for confirmation, and sets it; other settings stay as they are. You can go back ' +
        'at any time. ' +
        'You can only go forward while the rollback alarm is OK, and to consensus only via parallel, unless you pass ' +
        '--force. If the alarm goes off while you step forward, the mode goes back to legacy.',
    )
    .addArgument(choiceArgument('<mode>', 'whose score is used', MODES))
    .addOption(percentOption('in mode parallel: for how many of a hundred addresses (default: 0)'))
    .option('--reason <text>', 'why, for the history', '')
    .addOption(yesOption())
    .option('--force', 'skip parallel mode and override the rollback alarm; this is recorded')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ threat-consensus cutover set parallel --percent 25 --reason "no flips in a week"\n',
    )
    .action(set);
  return withTarget(command, ...SETTINGS_RESOURCES, 'rollbackAlarm');
}

function resetCommand(): Command {
  const command = new Command('reset')
    .summary('delete the settings and go back to the initial ones')
    .description(
      'Shows the settings in force and the initial ones, asks for confirmation, and deletes the former with their ' +
        'history. If the initial ones give the consensus more weight, the rollback alarm must be OK.',
    )
    .option('--reason <text>', 'why, for CloudTrail and the log of the rollback function', '')
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  $ threat-consensus cutover reset --reason "the trial is over"\n')
    .action(reset);
  return withTarget(command, ...SETTINGS_RESOURCES, 'rollbackAlarm');
}

function historyCommand(): Command {
  const command = new Command('history')
    .summary('show earlier settings, latest first')
    .description(
      'Shows each change of the settings, latest first: when, by whom and why. A reset deletes this history.',
    )
    .addOption(limitOption(20))
    .addOption(jsonOption('print one JSON object per line'))
    .addHelpText('after', '\nExamples:\n  $ threat-consensus cutover history --limit 3\n')
    .action(showHistory);
  return withTarget(command, ...SETTINGS_RESOURCES);
}

/** Its work is loaded here and below: help needs no SSM client. */
async function showState(options: StateOptions): Promise<void> {
  const { readState } = await import('../use/cutover/read-cutover.ts');
  const state = await readState(options);
  await writeLines(options.json ? [stateJson(state)] : stateLines(state, Date.now()));
  const read = readSettings(state.inForce.value);
  if (!read.ok) throw new CliError(`the settings are invalid: ${read.reason}`);
}

async function set(text: string, options: SetOptions): Promise<void> {
  const { makeChange, modeOf, proposeChange } = await import('../use/cutover/set-cutover.ts');
  const mode = modeOf(text);
  const { json, yes, force, reason, percent } = options;
  const target = await openGuardedSettings(options);
  const change = await proposeChange(target, { mode, percent, isForced: force === true, reason });
  if (!json) await writeLines(proposalLines(target.names, change));
  if (!yes && !(await confirm('Change it?'))) throw new CliError('not changed');
  const version = await makeChange(target, change);
  await writeLines([json ? changedJson(target.names, change, version) : changedLine(version)]);
}

async function reset({ json, yes, reason, ...options }: ResetOptions): Promise<void> {
  const { makeReset, proposeReset } = await import('../use/cutover/reset-cutover.ts');
  const target = await openGuardedSettings(options);
  const proposed = await proposeReset(target, reason);
  if (proposed !== undefined) {
    if (!json) await writeLines(resetLines(target.names, proposed));
    if (!yes && !(await confirm('Delete them?'))) throw new CliError('not reset');
    await makeReset(target, proposed);
  }
  await writeLines([json ? resetJson(target.names, proposed) : resetLine(target.names, proposed)]);
}

async function showHistory({ limit, ...options }: HistoryOptions): Promise<void> {
  const { readHistory } = await import('../use/cutover/read-cutover.ts');
  const { names, history } = await readHistory(options);
  await writeLines(options.json ? historyJson(history, limit) : historyLines(history, limit, names.settings));
}
