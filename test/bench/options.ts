import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly isJson: boolean;
  readonly isQuick: boolean;
  readonly isProfile: boolean;
  readonly isHelp: boolean;
  /** Names of the benchmarks to run; all where none is given. */
  readonly only: readonly string[];
  /** Folder with sensors' logs whose costs are to be measured; none without. */
  readonly logs?: string;
  /** Another checkout of this project, to be measured beside this one. */
  readonly against?: string;
}

/** For those who always measure the same logs. */
const LOGS_VARIABLE = 'BENCH_LOGS';

/** A call that does not fit the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}

/** @throws {UsageError} in one line */
export function readOptions(args: readonly string[], names: readonly string[]): BenchOptions {
  const { values } = parse(args);
  const only = values.only.flatMap((list) => list.split(',').map((name) => name.trim()));
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no benchmark "${unknown}": choose from ${names.join(', ')}`);
  }
  if (values.profile && (values.json || only.length > 0)) {
    throw new UsageError('--profile goes with --quick only');
  }
  const logs = values.logs ?? process.env[LOGS_VARIABLE];
  return {
    isJson: values.json,
    isQuick: values.quick,
    isProfile: values.profile,
    isHelp: values.help,
    only,
    ...(logs && { logs }),
    ...(values.against !== undefined && { against: resolve(values.against) }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        profile: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        logs: { type: 'string' },
        against: { type: 'string' },
        only: { type: 'string', multiple: true, default: [] },
      },
    });
  } catch (cause) {
    const [line = ''] = (cause as Error).message.split('\n', 1);
    throw new UsageError(line, { cause });
  }
}
