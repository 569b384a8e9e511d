import { Command } from 'commander';
import { positiveCount } from '../assessments/limit.ts';
import { CliError } from '../cli-error.ts';
import { createProgress } from '../output/progress.ts';
import { grouped } from '../output/terminal.ts';
import { writeLines } from '../output/write-lines.ts';
import { openQueue, type Resource, type TargetOptions, withTarget } from '../target.ts';
import { entryJson, entryLines } from './entry-lines.ts';
import { peekQueue } from './peek-queue.ts';
import { queueEntry } from './queue-entry.ts';
import { redrive } from './redrive.ts';

interface ListOptions extends TargetOptions {
  readonly json?: true;
  readonly limit: number;
}

interface RedriveCommandOptions extends ListOptions {
  readonly match?: string;
}

/** A queue that messages end in, and how its commands speak of it. */
interface EndQueue {
  readonly command: string;
  readonly resource: Exclude<Resource, 'table'>;
  readonly name: string;
  readonly summary: string;
}

const REJECTED: EndQueue = {
  command: 'rejected',
  resource: 'rejectedQueueUrl',
  name: 'the rejected queue',
  summary: 'see invalid records and why, and send them back after a fix',
};

const DEAD_LETTER: EndQueue = {
  command: 'dlq',
  resource: 'deadLetterQueueUrl',
  name: 'the dead-letter queue',
  summary: 'see messages that kept failing, and send them back after a fix',
};

/** Commands for the queue of invalid records. */
export function rejectedCommand(): Command {
  return endQueueCommand(REJECTED);
}

/** Commands for the queue of messages that kept failing. */
export function deadLetterCommand(): Command {
  return endQueueCommand(DEAD_LETTER);
}

function endQueueCommand(queue: EndQueue): Command {
  const { command, resource, name, summary } = queue;
  const list = new Command('list')
    .summary(`list what is in ${name}`)
    .description(`Lists what is in ${name} and leaves it there.`)
    .option('--limit <n>', 'show at most so many', positiveCount, 20)
    .option('--json', 'print one JSON object a line')
    .action((options: ListOptions) => listEntries(queue, options));
  const show = new Command('show')
    .summary('print one entry verbatim')
    .argument('<id>', 'as `list` prints it')
    .option('--json', 'print it as a JSON object, with its attributes')
    .action((id: string, options: ListOptions) => showEntry(queue, id, options));
  const back = new Command('redrive')
    .summary('send entries back to the work queue')
    .description(
      `Sends entries of ${name} back to the work queue. Each is deleted only after it was sent; interrupted, run it again.`,
    )
    .option('--match <text>', 'only entries with this text in reason or body')
    .option('--limit <n>', 'at most so many', positiveCount, 1_000_000)
    .option('--json', 'print the figures as one JSON object')
    .action((options: RedriveCommandOptions) => redriveEntries(queue, options));
  return new Command(command)
    .summary(summary)
    .addCommand(withTarget(list, resource))
    .addCommand(withTarget(show, resource))
    .addCommand(withTarget(back, resource, 'queueUrl'))
    .addHelpText('after', examples(command));
}

function examples(command: string): string {
  return `
Examples:
  $ threat-consensus ${command} list --limit 5
  $ threat-consensus ${command} show 1f6c2b6e-0d0c-4c55-9a59-5a6d3c1c8f0b
  $ threat-consensus ${command} redrive --match dst_port
`;
}

async function listEntries({ resource, name }: EndQueue, options: ListOptions): Promise<void> {
  const messages = await peekQueue(openQueue(resource, options), options.limit);
  const entries = messages.slice(0, options.limit).map(queueEntry);
  await writeLines(entries.flatMap((entry) => (options.json ? [entryJson(entry)] : entryLines(entry))));
  if (entries.length === 0) process.stderr.write(`nothing is in ${name}\n`);
}

async function showEntry(
  { resource, name, command }: EndQueue,
  id: string,
  options: ListOptions,
): Promise<void> {
  const messages = await peekQueue(openQueue(resource, options));
  const message = messages.find(({ MessageId }) => MessageId === id);
  if (message === undefined) throw new CliError(`${id} is not in ${name}; \`${command} list\` shows what is`);
  const entry = queueEntry(message);
  await writeLines([options.json ? entryJson(entry) : entry.body]);
}

async function redriveEntries({ resource }: EndQueue, options: RedriveCommandOptions): Promise<void> {
  const { match } = options;
  const progress = createProgress(options.json === true);
  progress.step('sending back');
  try {
    const result = await redrive({
      from: openQueue(resource, options),
      to: openQueue('queueUrl', options),
      isWanted: (message) => match === undefined || matches(queueEntry(message), match),
      limit: options.limit,
      onProgress: (redriven) => progress.update(redriven),
    });
    progress.stop();
    const { redriven, left } = result;
    const text = `${grouped(redriven)} entries are on the work queue again, ${grouped(left)} were left`;
    await writeLines([options.json ? JSON.stringify(result) : text]);
  } finally {
    progress.stop();
  }
}

function matches({ body, rejection }: ReturnType<typeof queueEntry>, text: string): boolean {
  return body.includes(text) || rejection?.reason.includes(text) === true;
}
