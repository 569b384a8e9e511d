import { parseArgs } from 'node:util';

/** Options of a call. */
export interface ChaosOptions {
  readonly seeds: readonly number[];
  /** Minimum number per campaign. */
  readonly records: number;
  readonly workers: number;
  /** Repeats this run of a campaign only. */
  readonly run?: number;
  /** A fault to plant in the code. */
  readonly plant?: string;
  /** A DynamoDB endpoint, or `dynalite` to start one; by default the table is in memory. */
  readonly endpoint?: string;
  readonly isProcess: boolean;
  readonly isJson: boolean;
  readonly isFresh: boolean;
  readonly isHelp: boolean;
  readonly isListing: boolean;
  readonly shrinkSeconds: number;
}

/** Wrong usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}

export const USAGE = `Usage: npm run chaos -- [options]

Delivers messages to the function under faults, kills, overlaps and changes of settings and code, and audits what is
stored, record by record. Exits with 1 if anything is not as it must be.

Options:
  --seed N          one campaign (default 1)
  --seeds A..B      a campaign for each seed from A to B
  --records N       records of each campaign, at least (default 100,000; with --process 3,000)
  --workers N       campaigns side by side (default 2)
  --endpoint URL    a DynamoDB emulator in place of the table in memory; "dynalite" starts one
  --process         the bundled function as a process, killed and stopped at random moments
  --run N           only run N of the campaign, to repeat what went wrong
  --shrink SECONDS  how long to look for a smaller run that goes wrong (default 60, 0: not at all)
  --plant NAME      put a known fault into the code first: the campaign should find it
  --list-plants     print the names of those faults
  --fresh           repeat campaigns that have results already
  --json            print the results as JSON
  -h, --help        print this text

Results are kept in .build/chaos/results, by the code that they are about. A call that was interrupted goes on with the
seeds that are left.

Examples:
  npm run chaos -- --seeds 1..20 --workers 2
  npm run chaos -- --seed 7 --records 5000 --endpoint http://127.0.0.1:8000
  npm run chaos -- --seed 3 --run 12
  npm run chaos -- --seeds 1..3 --process
  npm run chaos -- --seed 1 --plant summary-first
`;

const RECORDS = 100_000;
/** A process takes seconds to start, and time is real. */
const PROCESS_RECORDS = 3_000;

/** @throws {UsageError} in one line */
export function readOptions(args: readonly string[]): ChaosOptions {
  const values = parse(args);
  const records = values.process ? PROCESS_RECORDS : RECORDS;
  const endpoint = values.endpoint;
  if (values.process && endpoint !== undefined) throw new UsageError('--process has a table of its own');
  return {
    seeds: values.seeds === undefined ? [whole('seed', values.seed ?? '1')] : rangeOf(values.seeds),
    records: values.records === undefined ? records : whole('records', values.records.replaceAll(',', '')),
    workers: values.workers === undefined ? 2 : Math.max(1, whole('workers', values.workers)),
    isProcess: values.process,
    isJson: values.json,
    isFresh: values.fresh,
    isHelp: values.help,
    isListing: values['list-plants'],
    shrinkSeconds: whole('shrink', values.shrink),
    ...(values.run !== undefined && { run: whole('run', values.run) }),
    ...(values.plant !== undefined && { plant: values.plant }),
    ...(endpoint !== undefined && { endpoint }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string' },
        seeds: { type: 'string' },
        records: { type: 'string' },
        workers: { type: 'string' },
        endpoint: { type: 'string' },
        process: { type: 'boolean', default: false },
        run: { type: 'string' },
        shrink: { type: 'string', default: '60' },
        plant: { type: 'string' },
        'list-plants': { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (cause) {
    const [line = ''] = (cause as Error).message.split('\n', 1);
    throw new UsageError(line, { cause });
  }
}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name}: expected a whole number, got "${text}"`);
  return Number(text);
}

function rangeOf(text: string): number[] {
  const [, from = '', to = ''] = /^(\d{1,9})\.\.(\d{1,9})$/.exec(text) ?? [];
  const count = Number(to) - Number(from) + 1;
  if (from === '' || count < 1)
    throw new UsageError(`--seeds: expected a range such as 1..20, got "${text}"`);
  return Array.from({ length: count }, (_, n) => Number(from) + n);
}
