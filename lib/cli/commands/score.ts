import { Command } from 'commander';
import { counted, grouped } from '../../statistics/count-text.ts';
import { CliError } from '../cli-error.ts';
import { formatOption } from '../options/format.ts';
import { homeOption } from '../options/home.ts';
import { inputFileOrSample } from '../options/input-file.ts';
import { jsonOption } from '../options/json.ts';
import { writeLines } from '../output/write-lines.ts';
import { openInput } from '../use/input/open-input.ts';
import { type ScoreCounts, type ScoreOptions, scoreInput } from '../use/score/score-input.ts';

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
    .addArgument(inputFileOrSample())
    .addOption(formatOption())
    .addOption(jsonOption('has no effect: the output is JSON anyway'))
    .addOption(homeOption())
    .addHelpText('after', EXAMPLES)
    .action(score);
}

async function score(file: string | undefined, options: ScoreOptions): Promise<void> {
  const input = await openInput(file);
  const { results, counts } = await scoreInput(input, options);
  await writeLines(jsonLines(results));
  if (counts.scored + counts.invalid + counts.skipped === 0)
    throw new CliError(`${input.name} holds no records`);
  if (counts.invalid + counts.skipped > 0) process.stderr.write(`${countsLine(counts)}\n`);
}

async function* jsonLines(values: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const value of values) yield JSON.stringify(value);
}

function countsLine({ scored, invalid, skipped }: ScoreCounts): string {
  const others = skipped === 0 ? '' : `, ${grouped(skipped)} skipped, being no connections`;
  return `${counted(scored, 'record')} scored, ${grouped(invalid)} invalid${others}`;
}
