import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { Replay, type ReplayResult } from '../../assessment/replay.ts';
import { chunksOf } from '../../aws/chunks.ts';
import { parseSettings, readSettings, type Settings, SettingsError } from '../../cutover/settings.ts';
import { getParameter } from '../../cutover/settings-parameter.ts';
import { fileError } from '../../files/file-error.ts';
import { unitOfSummary } from '../../store/keys.ts';
import { readScoringsIn } from '../../store/read-assessments.ts';
import { readStatistics, readSummaries } from '../../store/read-summaries.ts';
import type { TableAccess } from '../../store/table-access.ts';
import type { TimeRange } from '../../store/timeline.ts';
import { CliError } from '../cli-error.ts';
import { openSettings, openTable, type TargetOptions, withTarget } from '../options/target.ts';
import { sinceOption, until } from '../options/time-range.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { replayJson, replayLines } from '../output/replay-lines.ts';
import { writeLines } from '../output/write-lines.ts';

interface ReplayOptions extends TargetOptions {
  readonly json?: true;
  readonly since: number;
  readonly settings?: string;
}

const EXAMPLES = `
Examples:
  $ echo '{"mode": "consensus", "maliciousThreshold": 0.8}' > stricter.json
  $ threat-consensus replay --since 7d --settings stricter.json
  $ threat-consensus replay --since 24h                    the settings in force, by the engine as it is here
`;

/** Scores again what was scored before, to see what would be different. */
export function replayCommand(): Command {
  const command = new Command('replay')
    .summary('show what other settings, or this engine, would have made of what was scored')
    .description(
      'Scores the stored inputs of a time range again, with the engine of this version and the settings of FILE (a ' +
        'JSON object with the keys of the parameter; those left out have their defaults), and shows what would be ' +
        'different. Without FILE, the settings in force are taken. Nothing is written.',
    )
    .addOption(sinceOption('what arrived since then', '7d'))
    .option('--settings <file>', 'settings to score by')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(replay);
  return withTarget(command, 'table', 'settingsParameter');
}

async function replay(options: ReplayOptions): Promise<void> {
  const table = await openTable(options);
  const settings = await settingsOf(options);
  const range = until(Date.now(), options.since);
  const progress = createProgress(options.json === true);
  try {
    const result = await replayAll(table, range, settings, progress);
    progress.stop();
    const since = new Date(range.fromMs).toISOString();
    await writeLines(
      options.json ? [replayJson(result, settings, since)] : replayLines(result, settings, since),
    );
  } finally {
    progress.stop();
  }
}

async function settingsOf(options: ReplayOptions): Promise<Settings> {
  if (options.settings !== undefined) return await settingsIn(options.settings);
  const { client, name } = await openSettings(options);
  const read = readSettings((await getParameter(client, name)).value);
  if (read.ok) return read.settings;
  throw new CliError(`the settings in ${name} are invalid: ${read.reason}; give others with --settings`);
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

/** Summaries that are read together; bounds memory. */
const UNITS_AT_ONCE = 20;

async function replayAll(
  table: TableAccess,
  range: TimeRange,
  settings: Settings,
  progress: Progress,
): Promise<ReplayResult> {
  const units: string[] = [];
  progress.step('reading summaries');
  for await (const entry of readStatistics(table, range)) units.push(unitOfSummary(entry));

  const replayed = new Replay(settings);
  progress.step('scoring again', units.length);
  let done = 0;
  for (const chunk of chunksOf(units, UNITS_AT_ONCE)) {
    for await (const summary of readSummaries(table, chunk, range.nowMs)) {
      for await (const scoring of readScoringsIn(table, summary, range.nowMs)) replayed.add(scoring);
      progress.update(++done);
    }
  }
  return replayed.result;
}
