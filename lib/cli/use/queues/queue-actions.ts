import { counted } from '../../../statistics/count-text.ts';
import { CliError } from '../../cli-error.ts';
import { openQueue, type TargetOptions } from '../../options/target.ts';
import { createProgress } from '../../output/progress.ts';
import { entryJson, entryLines } from '../../output/queue-lines.ts';
import { printable } from '../../output/terminal.ts';
import { writeLines } from '../../output/write-lines.ts';
import type { EndQueue } from './end-queue.ts';
import { findMessage, peekQueue } from './peek-queue.ts';
import { queueEntry } from './queue-entry.ts';
import { type RedriveResult, redrive } from './redrive.ts';

interface ListOptions extends TargetOptions {
  readonly json?: true;
  readonly limit: number;
}

interface RedriveCommandOptions extends ListOptions {
  readonly match?: string;
}

export async function listEntries({ resource, name }: EndQueue, options: ListOptions): Promise<void> {
  const messages = await peekQueue(await openQueue(resource, options), options.limit);
  const entries = messages.map(queueEntry);
  await writeLines(entries.flatMap((entry) => (options.json ? [entryJson(entry)] : entryLines(entry))));
  if (entries.length === 0) process.stderr.write(`nothing is in ${name}, or others are looking at it\n`);
  if (entries.length === options.limit)
    process.stderr.write('there may be more: --limit shows more of them\n');
}

export async function showEntry(queue: EndQueue, id: string, options: ListOptions): Promise<void> {
  const message = await findMessage(await openQueue(queue.resource, options), id);
  if (message === undefined) {
    throw new CliError(`${id} is not in ${queue.name}; \`${queue.command} list\` shows what is`);
  }
  const entry = queueEntry(message);
  const text = process.stdout.isTTY ? printable(entry.body) : entry.body;
  await writeLines([options.json ? entryJson(entry) : text]);
}

export async function redriveEntries({ resource }: EndQueue, options: RedriveCommandOptions): Promise<void> {
  const { match } = options;
  const progress = createProgress(options.json === true);
  progress.step('sending back');
  try {
    const result = await redrive({
      from: await openQueue(resource, options),
      to: await openQueue('queueUrl', options),
      isWanted: (message) => match === undefined || matches(queueEntry(message), match),
      limit: options.limit,
      onProgress: (redriven) => progress.update(redriven),
    });
    progress.stop();
    await writeLines([options.json ? JSON.stringify(result) : describe(result)]);
    if (result.refused > 0)
      throw new CliError(`the work queue does not take ${counted(result.refused, 'entry')}`);
  } finally {
    progress.stop();
  }
}

function describe({ redriven, kept }: RedriveResult): string {
  const stay = kept === 0 ? '' : `; ${counted(kept, 'other')} seen on the way stay`;
  return `sent back to the work queue: ${counted(redriven, 'entry')}${stay}`;
}

function matches({ body, rejection }: ReturnType<typeof queueEntry>, text: string): boolean {
  return body.includes(text) || rejection?.reason.includes(text) === true;
}
