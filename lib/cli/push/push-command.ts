import { Command } from 'commander';
import { readJsonRecords } from '../../records/formats/json-records.ts';
import { createLocality } from '../../records/locality.ts';
import { CliError } from '../cli-error.ts';
import { networks } from '../networks.ts';
import { createProgress } from '../output/progress.ts';
import { counted, grouped } from '../output/terminal.ts';
import { openInput } from '../run/open-input.ts';
import { openQueue, type TargetOptions, withTarget } from '../target.ts';
import { pushRecords } from './push-records.ts';

interface PushOptions extends TargetOptions {
  readonly json?: true;
  readonly home?: readonly string[];
}

const EXAMPLES = `
Examples:
  $ threat-consensus push connections.ndjson --queue-url https://sqs.eu-central-1.amazonaws.com/123456789012/work
  $ tail -n 1000 log.ndjson | threat-consensus push -
`;

/** Packs a file's records and sends them to the work queue. */
export function pushCommand(): Command {
  const command = new Command('push')
    .summary('send a file of records to the work queue')
    .description(
      'Packs the records of FILE into messages, those of one address side by side, and sends them.',
    )
    .argument('<file>', 'one JSON record a line, or a JSON array; - is standard input')
    .option('--json', 'print the figures as one JSON object')
    .option(
      '--home <cidr,...>',
      "the site's own public networks, for records that do not say what is local",
      networks,
    )
    .addHelpText('after', EXAMPLES)
    .action(push);
  return withTarget(command, 'queueUrl');
}

async function push(file: string, options: PushOptions): Promise<void> {
  const queue = await openQueue('queueUrl', options);
  const input = await openInput(file);
  const progress = createProgress(options.json === true);
  const isLocal = createLocality(options.home ?? []);
  progress.step('pushing');
  try {
    const { records, unit } = await readJsonRecords(input.chunks);
    const { pushed, messages, bytes, unsendable } = await pushRecords(queue, records, isLocal, (sent) =>
      progress.update(sent),
    );
    progress.stop();
    const sent = pushed - unsendable.length;
    for (const { position, reason } of unsendable) process.stderr.write(`${unit} ${position}: ${reason}\n`);
    if (pushed === 0) throw new CliError(`${input.name} holds no records`);
    const figures = { read: pushed, sent, unsendable: unsendable.length, messages: messages.length, bytes };
    process.stdout.write(
      options.json
        ? `${JSON.stringify(figures)}\n`
        : `${counted(sent, 'record')} sent in ${counted(messages.length, 'message')}, ${grouped(bytes)} bytes\n`,
    );
    if (unsendable.length > 0) throw new CliError(`${unsendable.length} records are too large to be sent`);
  } finally {
    progress.stop();
  }
}
