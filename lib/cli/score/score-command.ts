import { Command } from 'commander';
import { createAssess } from '../../assessment/assess.ts';
import { createConsensus } from '../../consensus/consensus.ts';
import { parseRecord } from '../../records/connection-record.ts';
import { remoteEndpoint, scoringInput } from '../../records/endpoint.ts';
import { type RecordText, readJsonRecords } from '../../records/formats/json-records.ts';
import { createLocality, type IsLocal } from '../../records/locality.ts';
import { parseJson } from '../../records/parse-json.ts';
import { legacyScore } from '../../reputation/legacy-score.ts';
import { CliError } from '../cli-error.ts';
import { networks } from '../networks.ts';
import { counted, grouped } from '../output/terminal.ts';
import { writeLines } from '../output/write-lines.ts';
import { openInput } from '../run/open-input.ts';

interface ScoreOptions {
  readonly home?: readonly string[];
}

const EXAMPLES = `
Examples:
  $ threat-consensus score connections.ndjson | head -1
  $ threat-consensus score - < log.ndjson | jq 'select(.threat_score > 0.7) | .address'
`;

/** Scores records without any cloud: the engine alone. */
export function scoreCommand(): Command {
  return new Command('score')
    .summary('score records on this machine, without queue or table')
    .description(
      'Prints one JSON object a record, in the order of the input: the verdict with its votes and reasons, or ' +
        '{"line", "error"} where the record is invalid ("element" where the input is an array).',
    )
    .argument('[file]', 'one JSON record a line, or a JSON array; - is standard input; none is a sample')
    .option('--json', 'has no effect: the output is JSON anyway')
    .option(
      '--home <cidr,...>',
      "the site's own public networks, for records that do not say what is local",
      networks,
    )
    .addHelpText('after', EXAMPLES)
    .action(score);
}

async function score(file: string | undefined, options: ScoreOptions): Promise<void> {
  const input = await openInput(file);
  const isLocal = createLocality(options.home ?? []);
  const { records, unit } = await readJsonRecords(input.chunks);
  const counts = { scored: 0, invalid: 0 };
  await writeLines(verdictLines(records, unit, isLocal, counts));
  if (counts.scored + counts.invalid === 0) throw new CliError(`${input.name} holds no records`);
  if (counts.invalid === 0) return;
  process.stderr.write(`${counted(counts.scored, 'record')} scored, ${grouped(counts.invalid)} invalid\n`);
}

async function* verdictLines(
  records: AsyncIterable<RecordText>,
  unit: string,
  isLocal: IsLocal,
  counts: { scored: number; invalid: number },
): AsyncGenerator<string> {
  const assess = createAssess({ consensus: createConsensus(), legacyScore });
  for await (const { text, position } of records) {
    const json = parseJson(text);
    const parsed = json.ok ? parseRecord(json.value) : json;
    if (parsed.ok) {
      counts.scored++;
      const endpoint = remoteEndpoint(parsed.record, isLocal);
      const { id } = parsed.record;
      const assessment = assess(scoringInput(parsed.record, endpoint));
      yield JSON.stringify({ [unit]: position, ...(id !== undefined && { id }), ...endpoint, ...assessment });
    } else {
      counts.invalid++;
      yield JSON.stringify({ [unit]: position, error: parsed.reason });
    }
  }
}
