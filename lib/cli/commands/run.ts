import { Command } from 'commander';
import { flushStandardOutput } from '../../files/standard-output.ts';
import type { LocalStack } from '../../local/stack.ts';
import type { LogFormat } from '../../logs/log-format.ts';
import { createLocality } from '../../records/locality.ts';
import { CliError, InterruptedError } from '../cli-error.ts';
import { formatOption } from '../options/format.ts';
import { networks } from '../options/home.ts';
import { chosenSettings, type ModeOptions, withMode } from '../options/mode.ts';
import { simulationOption } from '../options/simulation.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { reportLines } from '../output/run-lines.ts';
import { runFigures } from '../results/run-result.ts';
import { type Input, openInput } from '../use/input/open-input.ts';
import { stackVariables } from '../use/local/stack-variables.ts';
import { runRecords } from '../use/run/run-records.ts';

interface RunOptions extends ModeOptions {
  readonly json?: true;
  readonly keep?: true;
  readonly data?: string;
  readonly home?: readonly string[];
  readonly format?: LogFormat;
  readonly simulateProviders?: true;
}

const EXAMPLES = `
Examples:
  $ npm start                            the sample that ships with the project
  $ npm start -- connections.ndjson      your own records
  $ npm start -- conn.log.gz             a sensor's log
  $ tail -n 1000 log.ndjson | npm start -- - --json
  $ npm start -- log.ndjson --data state --keep
  $ npm start -- --simulate-providers    look addresses up, in made-up sources on this machine
  $ npm start -- log.ndjson --mode parallel --percent 10
`;

/** The command that scores a file on the embedded stack: what \`npm start\` calls. */
export function runCommand(): Command {
  const command = new Command('run')
    .summary('score a file of connection records on an embedded stack')
    .description(
      'Starts queue, function and table on this machine, pushes the records of FILE, waits until every one of ' +
        'them is stored or rejected, and reports what they came to.',
    )
    .argument(
      '[file]',
      'records or a sensor log, also packed by gzip or zstd; - is standard input; none is a sample',
    )
    .addOption(formatOption())
    .option('--json', 'print the figures as one JSON object')
    .option('--keep', 'leave the stack running afterwards, until interrupted')
    .option('--data <dir>', 'keep queues, table and settings in this folder from run to run')
    .option(
      '--home <cidr,...>',
      "the site's own public networks, for records that do not say what is local",
      networks,
    )
    .addOption(simulationOption())
    .addHelpText('after', EXAMPLES)
    .action(run);
  return withMode(command);
}

async function run(file: string | undefined, options: RunOptions): Promise<void> {
  const settings = chosenSettings(options);
  const input = await openInput(file);
  const progress = createProgress(options.json === true);
  // Loaded here, since most commands need no emulators and no bundler.
  const { withLocalStack } = await import('../use/local/with-local-stack.ts');
  let hasReported = false;
  try {
    progress.step('starting');
    const homeNetworks = options.home ?? [];
    const simulateProviders = options.simulateProviders === true;
    await withLocalStack(
      { dataDir: options.data, homeNetworks, settings, simulateProviders },
      async (stack) => {
        const missing = await runAndReport(stack, input, options, progress);
        hasReported = true;
        if (options.keep) await keep(stack);
        if (missing > 0) throw new CliError(`${missing} records are neither stored nor rejected`);
      },
    );
  } catch (error) {
    // Interrupting is how a stack that was to be kept is ended.
    if (!(error instanceof InterruptedError && hasReported)) throw error;
  } finally {
    progress.stop();
  }
}

/** @returns how many records ended nowhere */
async function runAndReport(
  stack: LocalStack,
  input: Input,
  options: RunOptions,
  progress: Progress,
): Promise<number> {
  const isLocal = createLocality(options.home ?? []);
  const { data, format, simulateProviders } = options;
  const result = await runRecords(stack, input, {
    hasState: data !== undefined,
    isLocal,
    format,
    areProvidersSimulated: simulateProviders === true,
    progress,
  });
  progress.stop();
  const lines = options.json ? [JSON.stringify(runFigures(result))] : reportLines(result);
  process.stdout.write(`${lines.join('\n')}\n`);
  await flushStandardOutput();
  return result.missing.length;
}

/** Says how other clients reach the stack, on standard error since standard output may be for a program, and waits. */
async function keep(stack: LocalStack): Promise<never> {
  const lines = Object.entries(stackVariables(stack)).map(([name, value]) => `export ${name}=${value}`);
  process.stderr.write('\nThe stack keeps running until you press Ctrl-C. Other clients reach it with:\n\n');
  process.stderr.write(`${lines.join('\n')}\n`);
  return new Promise<never>(() => {});
}
