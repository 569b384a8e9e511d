import { Command } from 'commander';
import { positiveCount } from '../options/limit.ts';
import { withTarget } from '../options/target.ts';
import { DEAD_LETTER, type EndQueue, REJECTED } from '../use/queues/end-queue.ts';
import { listEntries, redriveEntries, showEntry } from '../use/queues/queue-actions.ts';

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
    .addHelpText('after', examples(`${command} list --limit 5`))
    .action((options) => listEntries(queue, options));
  const show = new Command('show')
    .summary('print one entry verbatim')
    .description(`Prints the text of one entry of ${name} as it came, and leaves it there.`)
    .argument('<id>', 'as `list` prints it')
    .option('--json', 'print it as a JSON object, with its attributes')
    .addHelpText('after', examples(`${command} show 1f6c2b6e-0d0c-4c55-9a59-5a6d3c1c8f0b`))
    .action((id: string, options) => showEntry(queue, id, options));
  const back = new Command('redrive')
    .summary('send entries back to the work queue')
    .description(
      `Sends entries of ${name} back to the work queue. Each is deleted only after it was sent; what was not ` +
        'reached when the command is interrupted stays, and running it again goes on.',
    )
    .option('--match <text>', 'only entries with this text in reason or body')
    .option('--limit <n>', 'at most so many', positiveCount, 1_000_000)
    .option('--json', 'print the figures as one JSON object')
    .addHelpText('after', examples(`${command} redrive --match ${queue.example}`))
    .action((options) => redriveEntries(queue, options));
  return new Command(command)
    .summary(summary)
    .description(`Shows what is in ${name}, and sends it back to the work queue.`)
    .addCommand(withTarget(list, resource))
    .addCommand(withTarget(show, resource))
    .addCommand(withTarget(back, resource, 'queueUrl'))
    .addHelpText('after', examples(`${command} list`, `${command} redrive --match ${queue.example}`));
}

function examples(...commands: readonly string[]): string {
  return `\nExamples:\n${commands.map((command) => `  $ threat-consensus ${command}\n`).join('')}`;
}
