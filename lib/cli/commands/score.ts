import { Command, InvalidArgumentError, Option } from 'commander';
import { counted, grouped } from '../../statistics/count-text.ts';
import { formatOption } from '../options/format.ts';
import { homeOption } from '../options/home.ts';
import { inputFileOrSample } from '../options/input-file.ts';
import { jsonOption } from '../options/json.ts';
import { blocklistOption, feedsOption } from '../options/lists.ts';
import { windowOption } from '../options/window.ts';
import { evidenceLines } from '../output/evidence-lines.ts';
import { fanOutLines } from '../output/fan-out-lines.ts';
import { noteFetched } from '../output/feed-lines.ts';
import { surveyLines } from '../output/survey-lines.ts';
import { printable } from '../output/terminal.ts';
import { writeLines } from '../output/write-lines.ts';
import { kindsOf, skippedIn } from '../results/push-state.ts';
import { openInput } from '../use/input/open-input.ts';
import { type InputOutcome, requireConnections } from '../use/input/require-connections.ts';
import { type OwnLists, readOwnLists } from '../use/intel/own-lists.ts';
import { type ScoreOptions, scoreInput } from '../use/score/score-input.ts';

const EXAMPLES = `
Examples:
  $ threat-consensus score connections.ndjson | head -1
  $ threat-consensus score conn.log.gz --format zeek-tsv > verdicts.ndjson
  $ threat-consensus score - < log.ndjson | jq 'select(.threat_score > 0.7) | .address'
  $ threat-consensus score conn.log --feeds --blocklist our-own.txt
  $ tail -F conn.log | threat-consensus score -
`;

/** Scores records without any cloud: the engine alone. */
export function scoreCommand(): Command {
  return new Command('score')
    .summary('score records on this machine, without queue or table')
    .description(
      'Prints one JSON object a record, in the order of the input: the verdict with its votes and reasons, or ' +
        '{"line", "error"} where the record is invalid ("element" where the input is an array, "row" in a table). ' +
        "Entries of sensors' logs that are no connections are skipped. Records are scored in the windows and units in which " +
        '`push` would send them; a pipe that pauses for two seconds closes its window.',
    )
    .addArgument(inputFileOrSample())
    .addOption(formatOption())
    .addOption(jsonOption('has no effect: the output is JSON anyway'))
    .addOption(homeOption())
    .addOption(blocklistOption())
    .addOption(feedsOption())
    .option(
      '--virustotal-key-file <file>',
      'look up at VirusTotal, with the key in FILE, addresses that nothing is known of',
    )
    .addOption(
      new Option(
        '--lookups <n>',
        "most addresses that are looked up (default: 4, a free key's minute)",
      ).argParser(calls),
    )
    .addOption(windowOption())
    .addHelpText('after', EXAMPLES)
    .action(score);
}

/** Its lines are for programs, and so is the silence beside them. */
const SILENT = { step: () => {}, update: () => {} };

async function score(file: string | undefined, options: ScoreOptions): Promise<void> {
  const input = await openInput(file);
  const lists = await readOwnLists(options, options.home ?? [], SILENT);
  if (lists.fetched !== undefined) noteFetched(lists.fetched);
  const { results, outcome, overview } = await scoreInput(input, options, lists);
  await writeLines(jsonLines(results));
  const counts = outcome();
  requireConnections(counts);
  const isAllScored = counts.connections > 0 && counts.invalid === 0 && skippedIn(counts) === 0;
  const { survey, fanOuts, evidence, problem } = overview();
  const lines = [
    ...(isAllScored ? [] : [countsLine(counts)]),
    ...(problem === undefined ? [] : [problem]),
    ...(asksSources(options, lists) ? evidenceLines(evidence) : []),
    ...fanOutLines(fanOuts),
    ...surveyLines(survey, options.home),
  ];
  for (const line of lines) process.stderr.write(`${line}\n`);
}

function asksSources({ virustotalKeyFile }: ScoreOptions, { lists }: OwnLists): boolean {
  return lists.length > 0 || virustotalKeyFile !== undefined;
}

function calls(text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('expected a whole number from 1 to 999999.');
}

async function* jsonLines(values: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const value of values) yield JSON.stringify(value);
}

function countsLine(outcome: InputOutcome): string {
  const { connections, invalid, skipped } = outcome;
  const amount = skippedIn(outcome);
  const others =
    amount === 0 ? '' : `, ${grouped(amount)} skipped, being no connections: ${printable(kindsOf(skipped))}`;
  return `${counted(connections, 'record')} scored, ${grouped(invalid)} invalid${others}`;
}
