import { Command } from 'commander';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption } from '../options/time-range.ts';
import { withProgress } from '../output/progress.ts';
import { replayJson, replayLines } from '../output/replay-lines.ts';
import { writeLines } from '../output/write-lines.ts';
import type { SettingsOptions } from '../use/replay/settings-to-replay.ts';
import { openTable } from '../use/target/open-target.ts';
import { SETTINGS_RESOURCES } from '../use/target/resources.ts';
import { until } from '../use/time-range.ts';

interface ReplayOptions extends SettingsOptions, JsonOptions {
  readonly since: number;
}

const EXAMPLES = `
Examples:
  $ echo '{"mode": "consensus", "maliciousThreshold": 0.8}' > stricter.json
  $ threat-consensus replay --since 7d --settings stricter.json
  $ threat-consensus replay --since 24h                    the settings in force, by the engine as it is here
`;

/** Scores stored inputs again, to show what would change. */
export function replayCommand(): Command {
  const command = new Command('replay')
    .summary('show how other settings, or this engine, would have scored stored inputs')
    .description(
      'Scores the stored inputs of a time range again, with the engine of this version and the settings of FILE (a ' +
        'JSON object with the keys of the parameter; missing keys have their defaults), and shows what would change. ' +
        'Without FILE, the settings in force are used. Nothing is written.',
    )
    .addOption(sinceOption('records that arrived since then', '7d'))
    .option('--settings <file>', 'the settings to score with')
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(replay);
  return withTarget(command, 'table', ...SETTINGS_RESOURCES);
}

async function replay(options: ReplayOptions): Promise<void> {
  // Loaded here: help needs neither scorers nor clients.
  const { settingsToReplay } = await import('../use/replay/settings-to-replay.ts');
  const { replayRange } = await import('../use/replay/replay-range.ts');
  const table = await openTable(options);
  const settings = await settingsToReplay(options);
  const range = until(Date.now(), options.since);
  const result = await withProgress(options.json === true, (progress) =>
    replayRange(table, range, settings, progress),
  );
  const since = new Date(range.fromMs).toISOString();
  await writeLines(
    options.json ? [replayJson(result, settings, since)] : replayLines(result, settings, since),
  );
}
