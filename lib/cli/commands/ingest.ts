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
import { redriveLine } from '../output/queue-lines.ts';
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
    .summary('list log files and what became of each, newest first')
    .description(
      'Lists log files that the service was notified of, newest first, with what was read of each.',
    )
    .addOption(sinceOption('files of which notifications came since then', '7d'))
    .addOption(new Option('--state <state>', 'only those').choices(OBJECT_STATES))
    .addOption(limitOption(100))
    .addOption(jsonOption('print one JSON object a line'))
    .action(listObjects);
  const show = new Command('show')
    .summary('print all that is known of a log file')
    .description('Prints all that is known of a log file.')
    .argument('<id>', 'as `list` prints it')
    .addOption(jsonOption('print it as one JSON object'))
    .action(showObject);
  const retry = new Command('retry')
    .summary('have log files read that could not be, after a fix')
    .description(
      'Sends the entries of the queue of log files that could not be read back to the queue of notifications. What was ' +
        'read of a file already is not sent again.',
    )
    .option('--match <text>', 'only those with this text in key or reason')
    .addOption(limitOption(1_000_000, 'at most so many'))
    .addOption(jsonOption('print the figures as one JSON object'))
    .action(retryObjects);
  return new Command('ingest')
    .summary('see what became of log files in the bucket, and have them read again')
    .description('Shows what became of log files in S3, and has those read again that could not be.')
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
  if (count === 0) process.stderr.write(`no log file came since ${new Date(range.fromMs).toISOString()}\n`);
}

async function* inState<Element extends { readonly state: ObjectState }>(
  objects: AsyncIterable<Element>,
  state: ObjectState | undefined,
): AsyncGenerator<Element> {
  for await (const object of objects) if (state === undefined || object.state === state) yield object;
}

async function showObject(id: string, options: TargetOptions & JsonOptions): Promise<void> {
  const object = await readLogObject(await openTable(options), id);
  if (object === undefined) throw new CliError(`nothing is known of ${id}; \`ingest list\` shows what is`);
  await writeLines(options.json ? [logObjectJson(object)] : logObjectDetails(object));
}

async function retryObjects(options: RetryOptions): Promise<void> {
  const result = await withProgress(options.json === true, async (progress) => {
    progress.step('sending back');
    return await redrive({
      from: await openQueue('ingestDeadLetterQueueUrl', options),
      to: await openQueue('ingestQueueUrl', options),
      // The attributes of one say that a human has sent it.
      areMessages: true,
      match: options.match,
      limit: options.limit,
      onProgress: (redriven) => progress.update(redriven),
    });
  });
  await writeLines([options.json ? JSON.stringify(result) : redriveLine(result)]);
  if (result.refused > 0) throw new CliError(`the queue does not take ${counted(result.refused, 'entry')}`);
}
