import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { bundleHandler } from '../../local/bundle.ts';
import { type LocalStack, startLocalStack } from '../../local/stack.ts';
import { CliError } from '../cli-error.ts';
import { warningOf } from '../output/function-log.ts';
import { createProgress } from '../output/progress.ts';
import { untilInterrupted } from '../output/until-interrupted.ts';
import { openInput } from './open-input.ts';
import { reportLines } from './print-report.ts';
import { runRecords } from './run-records.ts';
import { runFigures } from './run-result.ts';

const HANDLER = fileURLToPath(new URL('../../../functions/score-connections/handler.ts', import.meta.url));

interface RunOptions {
  readonly json?: true;
  readonly keep?: true;
  readonly data?: string;
}

const EXAMPLES = `
Examples:
  $ npm start                            the sample that ships with the project
  $ npm start -- connections.ndjson      your own records
  $ tail -n 1000 log.ndjson | npm start -- - --json
  $ npm start -- log.ndjson --data state --keep
`;

/** The command that scores a file on the embedded stack: what \`npm start\` calls. */
export function runCommand(): Command {
  return new Command('run')
    .summary('score a file of connection records on an embedded stack')
    .description(
      'Starts queue, function and table on this machine, pushes the records of FILE, waits until every one of ' +
        'them is stored or rejected, and reports what they came to.',
    )
    .argument('[file]', 'one JSON record a line, or a JSON array; - is standard input; none is a sample')
    .option('--json', 'print the figures as one JSON object')
    .option('--keep', 'leave the stack running afterwards, until interrupted')
    .option('--data <dir>', 'keep queues and table in this folder from run to run')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(file: string | undefined, options: RunOptions): Promise<void> {
  const input = await openInput(file);
  const progress = createProgress(options.json === true);
  const workFolder = await mkdtemp(join(tmpdir(), 'threat-consensus-'));
  let stack: LocalStack | undefined;
  try {
    progress.step('starting');
    const bundlePath = await bundleHandler(HANDLER, join(workFolder, 'handler.mjs'));
    stack = await startLocalStack({
      bundlePath,
      onLogLine: (line) => warn(warningOf(line)),
      ...(options.data !== undefined && { dataDir: options.data }),
    });
    const result = await runRecords(stack, input, options.data !== undefined, progress);
    progress.stop();
    const lines = options.json ? [JSON.stringify(runFigures(result))] : reportLines(result);
    process.stdout.write(`${lines.join('\n')}\n`);
    if (options.keep) await keep(stack);
    if (result.missing.length > 0) {
      throw new CliError(`${result.missing.length} records are neither stored nor rejected`);
    }
  } finally {
    progress.stop();
    await stack?.stop();
    await rm(workFolder, { recursive: true, force: true });
  }
}

/** Says how other clients reach the stack; on standard error, since standard output may be JSON for a program. */
async function keep(stack: LocalStack): Promise<void> {
  const { workQueueUrl, rejectedQueueUrl, deadLetterQueueUrl, tableName } = stack.names;
  const variables = {
    ...stack.environment,
    WORK_QUEUE_URL: workQueueUrl,
    REJECTED_QUEUE_URL: rejectedQueueUrl,
    DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
    TABLE_NAME: tableName,
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
  process.stderr.write(`\nThe stack keeps running until you press Ctrl-C. Other clients reach it with:\n\n`);
  process.stderr.write(`${lines.join('\n')}\n`);
  await untilInterrupted();
}

function warn(warning: string | undefined): void {
  if (warning !== undefined) process.stderr.write(`warning: ${warning}\n`);
}
