import { Command } from 'commander';
import { createAssess } from '../../assessment/assess.ts';
import { createConsensus } from '../../consensus/consensus.ts';
import { legacyScore } from '../../cutover/legacy-score.ts';
import type { LogFormat } from '../../logs/log-format.ts';
import { type Log, readLog } from '../../logs/read-log.ts';
import { remoteEndpoint, scoringInput } from '../../records/endpoint.ts';
import { createLocality, type IsLocal } from '../../records/locality.ts';
import { counted, grouped } from '../../statistics/count-text.ts';
import { CliError } from '../cli-error.ts';
import { formatOption } from '../options/format.ts';
import { networks } from '../options/home.ts';
import { writeLines } from '../output/write-lines.ts';
import { openInput } from '../use/input/open-input.ts';

interface ScoreOptions {
  readonly home?: readonly string[];
  readonly format?: LogFormat;
}

const EXAMPLES = `
Examples:
  $ threat-consensus score connections.ndjson | head -1
  $ threat-consensus score conn.log.gz --format zeek-tsv > verdicts.ndjson
  $ threat-consensus score - < log.ndjson | jq 'select(.threat_score > 0.7) | .address'
`;

/** Scores records without any cloud: the engine alone. */
export function scoreCommand(): Command {
  return new Command('score')
    .summary('score records on this machine, without queue or table')
    .description(
      'Prints one JSON object a record, in the order of the input: the verdict with its votes and reasons, or ' +
        '{"line", "error"} where the record is invalid ("element" where the input is an array, "row" in a table). ' +
        "Entries of sensors' logs that are no connections are skipped.",
    )
    .argument(
      '[file]',
      'records or a sensor log, also packed by gzip or zstd; - is standard input; none is a sample',
    )
    .addOption(formatOption())
    .option('--json', 'has no effect: the output is JSON anyway')
    .option(
      '--home <cidr,...>',
      "the site's own public networks, for records that do not say what is local",
      networks,
    )
    .addHelpText('after', EXAMPLES)
    .action(score);
}

interface Counts {
  scored: number;
  invalid: number;
  skipped: number;
}

async function score(file: string | undefined, options: ScoreOptions): Promise<void> {
  const input = await openInput(file);
  const isLocal = createLocality(options.home ?? []);
  const log = await readLog(input, options.format);
  const counts: Counts = { scored: 0, invalid: 0, skipped: 0 };
  await writeLines(verdictLines(log, isLocal, counts));
  const { scored, invalid, skipped } = counts;
  if (scored + invalid + skipped === 0) throw new CliError(`${input.name} holds no records`);
  if (invalid + skipped === 0) return;
  const others = skipped === 0 ? '' : `, ${grouped(skipped)} skipped, being no connections`;
  process.stderr.write(`${counted(scored, 'record')} scored, ${grouped(invalid)} invalid${others}\n`);
}

async function* verdictLines(
  { entries, unit }: Log,
  isLocal: IsLocal,
  counts: Counts,
): AsyncGenerator<string> {
  const assess = createAssess({ consensus: createConsensus(), legacyScore });
  for await (const batch of entries) {
    for (const entry of batch) {
      const { position } = entry;
      if (entry.kind === 'skipped') {
        counts.skipped++;
      } else if (entry.kind === 'invalid') {
        counts.invalid++;
        yield JSON.stringify({ [unit]: position, error: entry.reason });
      } else {
        counts.scored++;
        const { record } = entry;
        const endpoint = remoteEndpoint(record, isLocal);
        const id = record.id !== undefined && { id: record.id };
        const assessment = assess(scoringInput(record, endpoint));
        yield JSON.stringify({ [unit]: position, ...id, ...endpoint, ...assessment });
      }
    }
  }
}
