import { Command, InvalidArgumentError } from 'commander';
import type { QueueAccess } from '../../aws/queue-access.ts';
import { FileError } from '../../files/file-error.ts';
import { flushStandardOutput } from '../../files/standard-output.ts';
import type { Log } from '../../logs/log.ts';
import type { LogFormat } from '../../logs/log-format.ts';
import { InputDamagedError } from '../../logs/readable-entries.ts';
import { InterruptedError } from '../cli-error.ts';
import { formatOption } from '../options/format.ts';
import { homeOption } from '../options/home.ts';
import { inputFile } from '../options/input-file.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { withTarget } from '../options/target.ts';
import { withProgress } from '../output/progress.ts';
import {
  damageLine,
  invalidLines,
  pushFigures,
  resumeLine,
  sentSentence,
  summaryLines,
} from '../output/push-lines.ts';
import { printable } from '../output/terminal.ts';
import { writeConclusion } from '../output/write-lines.ts';
import { INVALID_SHOWN, PushState } from '../results/push-state.ts';
import { type Input, openInput } from '../use/input/open-input.ts';
import { openLog } from '../use/input/open-log.ts';
import { type InputOutcome, requireConnections } from '../use/input/require-connections.ts';
import { type Interruption, watchInterruption } from '../use/interruption.ts';
import { pushLog } from '../use/push/push-log.ts';
import { openQueue } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';

interface PushOptions extends TargetOptions, JsonOptions {
  readonly home?: readonly string[];
  readonly format?: LogFormat;
  readonly checkpoint?: string;
  readonly rejects?: string;
  readonly rate?: number;
  readonly dryRun?: true;
  readonly single?: true;
  readonly sensor?: string;
}

const EXAMPLES = `
Examples:
  $ threat-consensus push conn.log.gz --queue-url https://sqs.eu-central-1.amazonaws.com/123456789012/work
  $ threat-consensus push eve.json --dry-run
  $ threat-consensus push conn.log --checkpoint conn.checkpoint --rejects conn.rejects --rate 5000
  $ threat-consensus push conn.log --sensor berlin-3
  $ tail -n 1000 log.ndjson | threat-consensus push -
`;

/** Packs a log's connections and sends them to the work queue. */
export function pushCommand(): Command {
  const command = new Command('push')
    .summary('send a file of records or a sensor log to the work queue')
    .description(
      'Packs the connections of FILE into messages, those of one address side by side, and sends them. ' +
        'Invalid records are not sent; each is reported with its position and the reason.',
    )
    .addArgument(inputFile())
    .addOption(formatOption())
    .option('--dry-run', 'read and pack everything, send nothing')
    .option('--checkpoint <file>', 'record progress in this file, and continue from it')
    .option('--rejects <file>', 'write invalid entries to this file, one JSON object per line')
    .option('--rate <records>', 'send at most this many records per second on average', parseRate)
    .option('--single', 'send one record per message, as log shippers do, to see what that costs')
    .option(
      '--sensor <name>',
      'which sensor the log is from, so that the queue can keep it from delaying others',
      parseSensor,
    )
    .addOption(jsonOption('print the counts as one JSON object'))
    .addOption(homeOption())
    .addHelpText('after', EXAMPLES)
    .action(push);
  return withTarget(command, 'queueUrl');
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || rate <= 0) {
    throw new InvalidArgumentError('expected a number of records per second above 0.');
  }
  return rate;
}

/** What SQS accepts as a message group. */
const MESSAGE_GROUP = /^[\x21-\x7e]{1,128}$/;

function parseSensor(text: string): string {
  if (!MESSAGE_GROUP.test(text)) {
    throw new InvalidArgumentError('expected a name of at most 128 letters, digits and punctuation.');
  }
  return text;
}

async function push(file: string, options: PushOptions): Promise<void> {
  const input = await openInput(file);
  const log = await openLog(input, options.format);
  const queue = options.dryRun ? undefined : await openQueue('queueUrl', options);
  const interruption = watchInterruption();
  const state = new PushState();
  try {
    await pushInput({ ...input, log }, options, queue, interruption, state);
  } catch (error) {
    // Where nothing could be read, the error alone says why.
    if (error instanceof InputDamagedError && state.totals.read > 0) {
      await reportDamage(state, options);
      throw error;
    }
    if (error instanceof FileError) throw withOutcome(error, state, options);
    const hint = resumeLine(state, options.checkpoint !== undefined, error instanceof InterruptedError);
    if (hint !== undefined) process.stderr.write(`${hint}\n`);
    throw error;
  } finally {
    interruption.forget();
  }
  const outcome = outcomeOf(input, state);
  const isUsable = outcome.connections > 0;
  // If nothing is usable, the one line that reports it also gives the reason.
  if (isUsable) reportInvalid(state, options.rejects);
  else if (!options.json) requireConnections(outcome);
  const isDryRun = queue === undefined;
  try {
    await writeConclusion(
      options.json ? [JSON.stringify(pushFigures(state, isDryRun))] : summaryLines(state, isDryRun),
    );
    await flushStandardOutput();
  } catch (error) {
    throw error instanceof FileError ? withOutcome(error, state, options) : error;
  }
  requireConnections(outcome);
}

function outcomeOf({ name }: Input, { totals, format, unit, invalid }: PushState): InputOutcome {
  return {
    name,
    format,
    unit,
    connections: totals.sent,
    skipped: totals.skipped,
    invalid: totals.invalid,
    firstInvalid: invalid[0],
  };
}

/** What could be read has been sent; the rest can follow once the file is complete. */
async function reportDamage(state: PushState, options: PushOptions): Promise<void> {
  const isDryRun = options.dryRun === true;
  reportInvalid(state, options.rejects);
  process.stderr.write(`${damageLine(state, options.checkpoint !== undefined, isDryRun)}\n`);
  if (options.json) await writeConclusion([JSON.stringify(pushFigures(state, isDryRun, true))]);
}

/** What was sent stays sent, even if the progress can't be written. */
function withOutcome(error: FileError, state: PushState, { dryRun, checkpoint }: PushOptions): FileError {
  return dryRun ? error : error.with(sentSentence(state, checkpoint !== undefined));
}

async function pushInput(
  { log, path }: Input & { readonly log: Log },
  options: PushOptions,
  queue: QueueAccess | undefined,
  interruption: Interruption,
  state: PushState,
): Promise<void> {
  await withProgress(options.json === true, async (progress) => {
    progress.step('pushing');
    await pushLog(
      log,
      {
        queue,
        inputPath: path,
        homeNetworks: options.home ?? [],
        checkpointPath: options.checkpoint,
        rejectsPath: options.rejects,
        rate: options.rate,
        isSingle: options.single === true,
        sensor: options.sensor,
        interruption,
        onProgress: (sent) => progress.update(sent),
      },
      state,
    );
  });
}

function reportInvalid(state: PushState, rejectsPath: string | undefined): void {
  const lines = invalidLines(state, INVALID_SHOWN, rejectsPath);
  if (lines.length > 0) process.stderr.write(`${lines.map(printable).join('\n')}\n`);
}
