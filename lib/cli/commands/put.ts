import { Command, Option } from 'commander';
import { counted } from '../../statistics/count-text.ts';
import { inputFile } from '../options/input-file.ts';
import { type JsonOptions, jsonOption } from '../options/json.ts';
import { withTarget } from '../options/target.ts';
import { withProgress } from '../output/progress.ts';
import { printable } from '../output/terminal.ts';
import { writeLines } from '../output/write-lines.ts';
import { openInput } from '../use/input/open-input.ts';
import { watchInterruption } from '../use/interruption.ts';
import { objectName } from '../use/log-files/object-name.ts';
import { putFile } from '../use/log-files/put-file.ts';
import { openBucket } from '../use/target/open-target.ts';
import type { TargetOptions } from '../use/target/resources.ts';

interface PutOptions extends TargetOptions, JsonOptions {
  readonly key?: string;
}

const EXAMPLES = `
Examples:
  $ threat-consensus put conn.log.gz --env prod
  $ threat-consensus put conn.log.gz --env prod --key zeek/berlin-3/conn.2026-11-27.log.gz
`;

/** Puts a log file into the bucket that is read. */
export function putCommand(): Command {
  const command = new Command('put')
    .summary('put a log file into the bucket, to be read and scored')
    .description(
      'Puts FILE unchanged into the bucket for log files. The service reads it from there; `ingest list` shows how that ' +
        'went. `push` needs no bucket, and reports invalid entries at once.',
    )
    .addArgument(inputFile())
    .addOption(new Option('--key <key>', 'name in the bucket (default: the time and the name of the file)'))
    .addOption(jsonOption('print bucket, key and size as one JSON object'))
    .addHelpText('after', EXAMPLES)
    .action(put);
  return withTarget(command, 'logBucket');
}

async function put(file: string, options: PutOptions): Promise<void> {
  const input = await openInput(file, 'put -');
  const target = await openBucket(options);
  const key = options.key ?? objectName(input.path ?? 'standard-input', Date.now());
  const interruption = watchInterruption();
  let bytes: number;
  try {
    bytes = await withProgress(options.json === true, async (progress) => {
      progress.step('putting');
      return await putFile(target, {
        chunks: input.chunks,
        key,
        interruption,
        onProgress: (sent) => progress.update(sent),
      });
    });
  } finally {
    interruption.forget();
    target.client.destroy();
  }
  const { bucket } = target;
  await writeLines([
    options.json
      ? JSON.stringify({ bucket, key, bytes })
      : printable(
          `s3://${bucket}/${key}: ${counted(bytes, 'byte')}; \`ingest list\` shows when it has been read`,
        ),
  ]);
}
