import { Command } from 'commander';
import { flushStandardOutput } from '../../files/standard-output.ts';
import type { LocalStack } from '../../local/stack.ts';
import type { LogFormat } from '../../logs/log-format.ts';
import { createLocality } from '../../records/locality.ts';
import { CliError, InterruptedError } from '../cli-error.ts';
import { dataOption } from '../options/data.ts';
import { formatOption } from '../options/format.ts';
import { homeOption } from '../options/home.ts';
import { inputFileOrSample } from '../options/input-file.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { blocklistOption, feedsOption } from '../options/lists.ts';
import { withMode } from '../options/mode.ts';
import { simulationOption } from '../options/simulation.ts';
import { noteFetched } from '../output/feed-lines.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { runFigures } from '../output/run-figures.ts';
import { type ReportOptions, reportLines } from '../output/run-lines.ts';
import { noteAnnouncement, stackNotices } from '../output/stack-notices.ts';
import { variableLines } from '../output/variable-lines.ts';
import type { RunResult } from '../results/run-result.ts';
import { openInput } from '../use/input/open-input.ts';
import { openLog } from '../use/input/open-log.ts';
import { type InputOutcome, requireConnections } from '../use/input/require-connections.ts';
import { type ListOptions, readOwnLists } from '../use/intel/own-lists.ts';
import { type StackOptions, serviceOptions } from '../use/local/stack-options.ts';
import { stackVariables } from '../use/local/stack-variables.ts';
import { type RunInput, runRecords } from '../use/run/run-records.ts';

interface RunOptions extends StackOptions, ListOptions, JsonOptions, ReportOptions {
  readonly format?: LogFormat;
}

const EXAMPLES = `
Examples:
  $ npm start                            the sample that ships with the project
  $ npm start -- connections.ndjson      your own records
  $ npm start -- conn.log.gz             a sensor's log
  $ tail -n 1000 log.ndjson | npm start -- - --json
  $ npm start -- log.ndjson --data state --keep
  $ npm start -- conn.log --blocklist bad.txt worse.netset
  $ npm start -- conn.log --feeds        with public lists, fetched now
  $ npm start -- --simulate-providers    look addresses up in simulated providers on this machine
  $ npm start -- log.ndjson --mode parallel --percent 10
`;

/** Scores a file on the embedded stack; `npm start` calls this command. */
export function runCommand(): Command {
  const command = new Command('run')
    .summary('score a file of connection records on an embedded stack')
    .description(
      'Starts queue, function and table on this machine, pushes the records of FILE, waits until each of them is stored ' +
        'or rejected, and reports the results.',
    )
    .addArgument(inputFileOrSample())
    .addOption(formatOption())
    .addOption(jsonOption('print the counts as one JSON object'))
    .option('--knocks', 'list the worst outside addresses that got no answer, not just their number')
    .option('--keep', 'keep the stack running afterwards, until interrupted')
    .addOption(dataOption())
    .addOption(homeOption())
    .addOption(blocklistOption())
    .addOption(feedsOption())
    .addOption(simulationOption())
    .addHelpText('after', EXAMPLES)
    .action(run);
  return withMode(command);
}

async function run(file: string | undefined, options: RunOptions): Promise<void> {
  const service = serviceOptions(options);
  const input = await openInput(file);
  // Before anything is started: most problems with a file show in its first lines.
  const log = await openLog(input, options.format);
  const progress = createProgress(options.json === true);
  // Loaded here, since most commands need no emulators and no bundler.
  const { withLocalStack } = await import('../use/local/with-local-stack.ts');
  let reportedAtMs: number | undefined;
  try {
    const { lists, fetched } = await readOwnLists(options, options.home ?? [], progress);
    if (fetched !== undefined) noteFetched(fetched);
    progress.step('starting');
    // The summary of a run shows what is announced of its input; only what reaches a stack that keeps running is news.
    const onEvent = (put: Parameters<typeof noteAnnouncement>[0]) => {
      if (options.keep && reportedAtMs !== undefined) noteAnnouncement(put, reportedAtMs);
    };
    await withLocalStack({ ...service, lists }, { ...stackNotices(progress), onEvent }, async (stack) => {
      const missing = await runAndReport(stack, { name: input.name, log }, file, options, progress);
      reportedAtMs = Date.now();
      if (options.keep) await keep(stack);
      if (missing > 0) throw new CliError(`${missing} records are neither stored nor rejected`);
    });
  } catch (error) {
    // A stack that keeps running is ended by interrupting it.
    if (!(error instanceof InterruptedError && reportedAtMs !== undefined)) throw error;
  } finally {
    progress.stop();
  }
}

/** @returns how many records are unaccounted for */
async function runAndReport(
  stack: LocalStack,
  input: RunInput,
  file: string | undefined,
  options: RunOptions,
  progress: Progress,
): Promise<number> {
  const isLocal = createLocality(options.home ?? []);
  const { data, simulateProviders } = options;
  const result = await runRecords(stack, input, {
    hasState: data !== undefined,
    isLocal,
    areProvidersSimulated: simulateProviders === true,
    progress,
  });
  progress.stop();
  const outcome = runOutcome(result);
  // If nothing is usable, the one line that reports it also gives the reason.
  if (!options.json) requireConnections(outcome);
  const lines = options.json ? [JSON.stringify(runFigures(result))] : reportLines(result, file, options);
  process.stdout.write(`${lines.join('\n')}\n`);
  await flushStandardOutput();
  requireConnections(outcome);
  return result.missing.length;
}

function runOutcome(result: RunResult): InputOutcome {
  const { source, format, unit, pushed, skipped, rejected } = result;
  return {
    name: source,
    format,
    unit,
    connections: pushed - rejected.length,
    skipped,
    invalid: rejected.length,
    firstInvalid: rejected[0],
  };
}

/**
 * Prints how other clients reach the stack, on standard error since standard output may be for a program, and waits.
 */
async function keep(stack: LocalStack): Promise<never> {
  process.stderr.write('\nThe stack keeps running until you press Ctrl-C. Other clients reach it with:\n\n');
  process.stderr.write(`${variableLines(stackVariables(stack)).join('\n')}\n`);
  return new Promise<never>(() => {});
}
