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

/** Scores records with the engine alone, without any cloud. */
export function scoreCommand(): Command {
  return new Command('score')
    .summary('score records on this machine, without queue or table')
    .description(
      'Prints one JSON object per record, in the order of the input: the verdict with its votes and reasons, or ' +
        '{"line", "error"} if the record is invalid ("element" if the input is an array, "row" in a table). ' +
        'Entries of sensor logs that are not connections are skipped. Records are scored in the windows and units in which ' +
        '`push` would send them; a pipe that pauses for two seconds closes its window.',
    )
    .addArgument(inputFileOrSample())
    .addOption(formatOption())
    .addOption(jsonOption('has no effect: the output is always JSON'))
    .addOption(homeOption())
    .addOption(blocklistOption())
    .addOption(feedsOption())
    .option('--virustotal-key-file <file>', 'look up unknown addresses at VirusTotal, with the key in FILE')
    .addOption(
      new Option(
        '--lookups <n>',
        'look up at most this many addresses (default: 4, what a free key allows per minute)',
      ).argParser(calls),
    )
    .addOption(windowOption())
    .addHelpText('after', EXAMPLES)
    .action(score);
}

/** The output is for programs, so nothing else is printed. */
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
    amount === 0 ? '' : `, ${grouped(amount)} skipped (not connections): ${printable(kindsOf(skipped))}`;
  return `${counted(connections, 'record')} scored, ${grouped(invalid)} invalid${others}`;
}
