import { Command } from 'commander';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption } from '../options/time-range.ts';
import { withProgress } from '../output/progress.ts';
import { statisticsJson, statisticsLines } from '../output/statistics-lines.ts';
import { writeLines } from '../output/write-lines.ts';
import { environmentThresholds } from '../use/compare/environment-thresholds.ts';
import { readServiceStatistics } from '../use/stats/read-service-statistics.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';
import { until } from '../use/time-range.ts';

interface StatsOptions extends TargetOptions, JsonOptions {
  readonly since: number;
}

const EXAMPLES = `
Examples:
  $ threat-consensus stats --since 24h
  $ threat-consensus stats --since 7d --json | jq .uncertainty_rate
`;

/** Shows what the service did in a time range. */
export function statsCommand(): Command {
  const command = new Command('stats')
    .summary('show totals, rates, scores, scorers and latency for a time range')
    .description(
      'Adds up what the service did with the messages that arrived in a time range, and marks figures beyond the ' +
        "thresholds of the environment's alarms.",
    )
    .addOption(sinceOption('records that arrived since then', '24h'))
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(show);
  return withTarget(command, 'table');
}

async function show(options: StatsOptions): Promise<void> {
  const table = await openTable(options);
  const range = until(Date.now(), options.since);
  const { thresholds, remarks } = await environmentThresholds(options);
  const statistics = await withProgress(options.json === true, (progress) =>
    readServiceStatistics(table, range, thresholds, progress),
  );
  const since = new Date(range.fromMs).toISOString();
  for (const remark of remarks) process.stderr.write(`${remark}\n`);
  await writeLines(options.json ? [statisticsJson(statistics, since)] : statisticsLines(statistics, since));
}
