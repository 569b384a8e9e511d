import { Command, Option } from 'commander';
import { counted } from '../../statistics/count-text.ts';
import { OBJECT_STATES, type ObjectState } from '../../store/log-object.ts';
import { readLogObject, readLogObjects } from '../../store/log-objects.ts';
import { CliError } from '../cli-error.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { limitOption } from '../options/limit.ts';
import { withTarget } from '../options/target.ts';
import { sinceOption } from '../options/time-range.ts';
import { logObjectDetails, logObjectJson, logObjectLines } from '../output/log-object-lines.ts';
import { withProgress } from '../output/progress.ts';
import { retryLine } from '../output/queue-lines.ts';
import { writeLines } from '../output/write-lines.ts';
import { redrive } from '../use/queues/redrive.ts';
import { take } from '../use/take.ts';
import { openQueue, openTable } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';
import { until } from '../use/time-range.ts';

interface ListOptions extends TargetOptions, JsonOptions {
  readonly since: number;
  readonly state?: ObjectState;
  readonly limit: number;
}

interface RetryOptions extends TargetOptions, JsonOptions {
  readonly match?: string;
  readonly limit: number;
}

const EXAMPLES = `
Examples:
  $ threat-consensus ingest list --since 24h --env prod
  $ threat-consensus ingest list --state failed
  $ threat-consensus ingest show 2K4Qd0mGx1sBbRyjv5hW3A
  $ threat-consensus ingest retry --match zeek/berlin-3/
`;

/** Commands for log files that are read from S3. */
export function ingestCommand(): Command {
  const list = new Command('list')
    .summary('list log files and their state, newest first')
    .description(
      'Lists the log files that the service was notified of, newest first, and how much of each was read.',
    )
    .addOption(sinceOption('files whose notification arrived since then', '7d'))
    .addOption(new Option('--state <state>', 'only files in this state').choices(OBJECT_STATES))
    .addOption(limitOption(100))
    .addOption(jsonOption('print one JSON object per line'))
    .action(listObjects);
  const show = new Command('show')
    .summary('print everything known about a log file')
    .description('Prints everything known about a log file.')
    .argument('<id>', 'as shown by `list`')
    .addOption(jsonOption('print it as one JSON object'))
    .action(showObject);
  const retry = new Command('retry')
    .summary('retry log files that could not be read, after a fix')
    .description(
      'Moves the log files that could not be read back to the notification queue. What was already read of a file is not ' +
        'sent again.',
    )
    .option('--match <text>', 'only those with this text in the key or reason')
    .addOption(limitOption(1_000_000, 'at most this many'))
    .addOption(jsonOption('print the counts as one JSON object'))
    .action(retryObjects);
  return new Command('ingest')
    .summary('see the state of log files in the bucket, and retry them')
    .description('Shows the state of log files in S3, and retries those that could not be read.')
    .addCommand(withTarget(list, 'table'))
    .addCommand(withTarget(show, 'table'))
    .addCommand(withTarget(retry, 'ingestDeadLetterQueueUrl', 'ingestQueueUrl'))
    .addHelpText('after', EXAMPLES);
}

async function listObjects(options: ListOptions): Promise<void> {
  const range = until(Date.now(), options.since);
  const objects = readLogObjects(await openTable(options), range);
  let count = 0;
  for await (const object of take(inState(objects, options.state), options.limit)) {
    count++;
    await writeLines(options.json ? [logObjectJson(object)] : logObjectLines(object));
  }
  if (count === 0)
    process.stderr.write(`no log file has arrived since ${new Date(range.fromMs).toISOString()}\n`);
}

async function* inState<Element extends { readonly state: ObjectState }>(
  objects: AsyncIterable<Element>,
  state: ObjectState | undefined,
): AsyncGenerator<Element> {
  for await (const object of objects) if (state === undefined || object.state === state) yield object;
}

async function showObject(id: string, options: TargetOptions & JsonOptions): Promise<void> {
  const object = await readLogObject(await openTable(options), id);
  if (object === undefined) throw new CliError(`nothing is known about ${id}; see \`ingest list\``);
  await writeLines(options.json ? [logObjectJson(object)] : logObjectDetails(object));
}

async function retryObjects(options: RetryOptions): Promise<void> {
  const result = await withProgress(options.json === true, async (progress) => {
    progress.step('sending back');
    return await redrive({
      from: await openQueue('ingestDeadLetterQueueUrl', options),
      to: await openQueue('ingestQueueUrl', options),
      // The attributes of a redriven entry show that a human sent it.
      areMessages: true,
      match: options.match,
      limit: options.limit,
      onProgress: (redriven) => progress.update(redriven),
    });
  });
  await writeLines([options.json ? JSON.stringify(result) : retryLine(result)]);
  if (result.refused > 0)
    throw new CliError(`the notification queue refused ${counted(result.refused, 'log file')}`);
}
