import { Command } from 'commander';
import { counted } from '../../statistics/count-text.ts';
import { CliError } from '../cli-error.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { limitOption } from '../options/limit.ts';
import { withTarget } from '../options/target.ts';
import { yesOption } from '../options/yes.ts';
import { confirm } from '../output/confirm.ts';
import { withProgress } from '../output/progress.ts';
import { entryJson, entryLines, redriveLine } from '../output/queue-lines.ts';
import { printable } from '../output/terminal.ts';
import { writeLines } from '../output/write-lines.ts';
import { findMessage, peekQueue } from '../use/queues/peek-queue.ts';
import { purgeQueue } from '../use/queues/purge-queue.ts';
import { queueEntry } from '../use/queues/queue-entry.ts';
import { redrive } from '../use/queues/redrive.ts';
import { openQueue } from '../use/target/open-target.ts';
import type { QueueResource, TargetOptions } from '../use/target/resources.ts';

/** A queue for messages that failed, and the words its commands use for it. */
interface EndQueue {
  readonly command: string;
  readonly resource: QueueResource;
  readonly name: string;
  readonly summary: string;
}

/** A queue whose entries can go back to the work queue. */
interface RedrivableQueue extends EndQueue {
  /** Whether entries are whole messages. */
  readonly areMessages: boolean;
  /** A text that an entry may hold, for the examples. */
  readonly example: string;
}

interface ListOptions extends TargetOptions, JsonOptions {
  readonly limit: number;
}

interface RedriveOptions extends ListOptions {
  readonly match?: string;
}

/** Commands for the queue of invalid records. */
export function rejectedCommand(): Command {
  return redrivableQueueCommand({
    command: 'rejected',
    resource: 'rejectedQueueUrl',
    name: 'the rejected queue',
    areMessages: false,
    summary: 'see invalid records and why, and send them back after a fix',
    example: 'dst_port',
  });
}

/** Commands for the queue of messages that kept failing. */
export function deadLetterCommand(): Command {
  return redrivableQueueCommand({
    command: 'dlq',
    resource: 'deadLetterQueueUrl',
    name: 'the dead-letter queue',
    areMessages: true,
    summary: 'see messages that kept failing, and send them back after a fix',
    example: '203.0.113.201',
  });
}

/** Commands for the queue of events on which the rollback function failed. */
export function rollbackFailuresCommand(): Command {
  const queue: EndQueue = {
    command: 'rollback-failures',
    resource: 'rollbackFailuresQueueUrl',
    name: 'the queue of events on which the rollback failed',
    summary: 'see events on which the rollback failed, and delete them once understood',
  };
  const { command, resource, name, summary } = queue;
  const purge = new Command('purge')
    .summary('delete all entries')
    .description(
      `Deletes everything in ${name}. Nothing is lost: the rollback checks the settings every five minutes.`,
    )
    .addOption(yesOption())
    .addHelpText('after', examples(`${command} purge`))
    .action((options) => purgeEntries(queue, options));
  return new Command(command)
    .summary(summary)
    .description(`Shows the contents of ${name}, and deletes them.`)
    .addCommand(listCommand(queue))
    .addCommand(showCommand(queue))
    .addCommand(withTarget(purge, resource))
    .addHelpText('after', examples(`${command} list`, `${command} purge`));
}

function redrivableQueueCommand(queue: RedrivableQueue): Command {
  const { command, resource, name, summary } = queue;
  const back = new Command('redrive')
    .summary('send entries back to the work queue')
    .description(
      `Sends entries of ${name} back to the work queue. Each is deleted only after it was sent; if you interrupt the ` +
        'command, the rest stays, and running it again continues.',
    )
    .option('--match <text>', 'only entries with this text in the reason or body')
    .addOption(limitOption(1_000_000, 'at most this many'))
    .addOption(jsonOption('print the counts as one JSON object'))
    .addHelpText('after', examples(`${command} redrive --match ${queue.example}`))
    .action((options) => redriveEntries(queue, options));
  return new Command(command)
    .summary(summary)
    .description(`Shows the contents of ${name}, and sends them back to the work queue.`)
    .addCommand(listCommand(queue))
    .addCommand(showCommand(queue))
    .addCommand(withTarget(back, resource, 'queueUrl'))
    .addHelpText('after', examples(`${command} list`, `${command} redrive --match ${queue.example}`));
}

function listCommand(queue: EndQueue): Command {
  const { command, resource, name } = queue;
  const list = new Command('list')
    .summary(`list the contents of ${name}`)
    .description(`Lists the contents of ${name} without removing them.`)
    .addOption(limitOption(20))
    .addOption(jsonOption('print one JSON object per line'))
    .addHelpText('after', examples(`${command} list --limit 5`))
    .action((options) => listEntries(queue, options));
  return withTarget(list, resource);
}

function showCommand(queue: EndQueue): Command {
  const { command, resource, name } = queue;
  const show = new Command('show')
    .summary('print one entry verbatim')
    .description(`Prints the text of one entry of ${name} as it came, without removing it.`)
    .argument('<id>', 'as shown by `list`')
    .addOption(jsonOption('print it as a JSON object, with its attributes'))
    .addHelpText('after', examples(`${command} show 1f6c2b6e-0d0c-4c55-9a59-5a6d3c1c8f0b`))
    .action((id: string, options) => showEntry(queue, id, options));
  return withTarget(show, resource);
}

function examples(...commands: readonly string[]): string {
  return `\nExamples:\n${commands.map((command) => `  $ threat-consensus ${command}\n`).join('')}`;
}

async function listEntries({ resource, name }: EndQueue, options: ListOptions): Promise<void> {
  const messages = await peekQueue(await openQueue(resource, options), options.limit);
  const entries = messages.map(queueEntry);
  await writeLines(entries.flatMap((entry) => (options.json ? [entryJson(entry)] : entryLines(entry))));
  if (entries.length === 0) process.stderr.write(`nothing is in ${name}, or someone else is reading it\n`);
  if (entries.length === options.limit) process.stderr.write('there may be more: raise --limit\n');
}

async function showEntry(queue: EndQueue, id: string, options: TargetOptions & JsonOptions): Promise<void> {
  const message = await findMessage(await openQueue(queue.resource, options), id);
  if (message === undefined) {
    throw new CliError(`${id} is not in ${queue.name}; see \`${queue.command} list\``);
  }
  const entry = queueEntry(message);
  const text = process.stdout.isTTY ? printable(entry.body) : entry.body;
  await writeLines([options.json ? entryJson(entry) : text]);
}

async function purgeEntries(
  { resource, name }: EndQueue,
  options: TargetOptions & { readonly yes?: boolean },
): Promise<void> {
  const queue = await openQueue(resource, options);
  if (options.yes !== true && !(await confirm(`Delete everything in ${name}?`))) {
    throw new CliError('nothing was deleted');
  }
  await purgeQueue(queue);
  process.stderr.write(`${name} is being emptied, which takes up to a minute\n`);
}

async function redriveEntries(
  { resource, areMessages }: RedrivableQueue,
  options: RedriveOptions,
): Promise<void> {
  const result = await withProgress(options.json === true, async (progress) => {
    progress.step('sending back');
    return await redrive({
      from: await openQueue(resource, options),
      to: await openQueue('queueUrl', options),
      areMessages,
      match: options.match,
      limit: options.limit,
      onProgress: (redriven) => progress.update(redriven),
    });
  });
  await writeLines([options.json ? JSON.stringify(result) : redriveLine(result)]);
  if (result.refused > 0) throw new CliError(`the work queue refused ${counted(result.refused, 'entry')}`);
}
