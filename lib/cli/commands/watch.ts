import { Command, Option } from 'commander';
import { flushStandardOutput } from '../../files/standard-output.ts';
import { InterruptedError } from '../cli-error.ts';
import { intervalOption } from '../options/interval.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { positiveCount } from '../options/limit.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption } from '../options/time-range.ts';
import { watchJson, watchLine } from '../output/watch-lines.ts';
import { watchInterruption } from '../use/interruption.ts';
import { openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';
import { followFindings } from '../use/watch/follow-findings.ts';

interface WatchOptions extends TargetOptions, JsonOptions {
  readonly since: number;
  readonly interval: number;
  readonly knocks?: true;
  readonly limit?: number;
}

const EXAMPLES = `
Examples:
  $ threat-consensus watch --env prod
  $ threat-consensus watch --local --since 24h --json | jq .address
`;

const SECOND_MS = 1_000;

/** Follows addresses that need a human. */
export function watchCommand(): Command {
  const command = new Command('watch')
    .summary('follow addresses that need a human, until interrupted')
    .description(
      'Prints a line for each address that needs a human, when it appears and when it gets worse, until you press Ctrl-C.',
    )
    .addOption(sinceOption('start with what arrived since then', '1h'))
    .addOption(intervalOption(5))
    .option('--knocks', 'also outside addresses that got no answer')
    .addOption(new Option('--limit <n>', 'stop after this many lines').argParser(positiveCount))
    .addOption(jsonOption('print one JSON object per line'))
    .addHelpText('after', EXAMPLES)
    .action(watch);
  return withTarget(command, 'table');
}

async function watch(options: WatchOptions): Promise<void> {
  const table = await openTable(options);
  const interruption = watchInterruption();
  try {
    await Promise.race([print(table, options), interruption.promise]);
  } catch (error) {
    // This is the normal way to end it.
    if (!(error instanceof InterruptedError)) throw error;
    await flushStandardOutput();
    process.exit(0);
  } finally {
    interruption.forget();
  }
}

async function print(
  table: Awaited<ReturnType<typeof openTable>>,
  { since, interval, knocks, json, limit }: WatchOptions,
): Promise<void> {
  const follow = { sinceMs: since, intervalMs: interval * SECOND_MS, withKnocks: knocks === true };
  let lines = 0;
  for await (const news of followFindings(table, follow)) {
    process.stdout.write(`${json === true ? watchJson(news) : watchLine(news)}\n`);
    if (++lines === limit) return;
  }
}
