import { parseArgs } from 'node:util';

export interface MutationOptions {
  /** Files or folders to mutate. */
  readonly only: readonly string[];
  /** Folders of tests that run besides those that belong to a file. */
  readonly tests: readonly string[];
  /** Mutants to draw; all without it. */
  readonly sample?: number;
  readonly seed: number;
  readonly workers: number;
  readonly isSurvivorsOnly: boolean;
  readonly isJson: boolean;
  readonly isHelp: boolean;
}

/** What is mutated where nothing is asked for. */
const MUTATED_FOLDERS = ['lib/consensus', 'lib/cutover', 'lib/store', 'lib/assessment'] as const;
const MOST_WORKERS = 2;

export const USAGE = `Usage: npm run mutate -- [--only PATH] [--sample N] [--seed S] [--survivors] [--json]

Changes the code in one small place at a time and runs the tests that load it. A change that no test notices has
survived: a test is missing, or the code is not needed. Mutates ${MUTATED_FOLDERS.join(', ')}.

  --only PATH     this file or folder of lib; may be given more than once
  --tests FOLDER  run the tests in this folder as well, where they load the file; may be given more than once.
                  Without it a file's tests are those in the folder of test/unit that is named like its own
  --sample N      N mutants, drawn by the seed
  --seed S        which ones; default 1
  --survivors     run only those that survived last time; for others the last result counts, even if tests have changed
  --workers N     processes that run tests, 1 or 2; default 2
  --json          one JSON object on standard output

Results are kept in .build/mutation.ndjson: an interrupted run continues where it was, and only what changed runs again.

Examples:
  $ npm run mutate -- --only lib/consensus
  $ npm run mutate -- --only lib/consensus/median.ts --survivors
  $ npm run mutate -- --sample 200 --seed 7
  $ npm run mutate -- --only lib/store --tests test/integration/service --json > survivors.json

Exit codes: 0 finished, 1 could not run (the tests must pass without a mutant), 2 called wrongly, 130 interrupted.
`;

/** A call that does not fit the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}

/** @throws {UsageError} in one line */
export function readOptions(args: readonly string[]): MutationOptions {
  const { only, tests, sample, seed, workers, survivors, json, help } = parse(args);
  return {
    only: (only.length > 0 ? only : [...MUTATED_FOLDERS]).map(withoutSlash),
    tests: tests.map(withoutSlash),
    ...(sample !== undefined && { sample: wholeNumber('--sample', sample, 1) }),
    seed: wholeNumber('--seed', seed, 0),
    workers: wholeNumber('--workers', workers, 1, MOST_WORKERS),
    isSurvivorsOnly: survivors,
    isJson: json,
    isHelp: help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true, default: [] },
        tests: { type: 'string', multiple: true, default: [] },
        sample: { type: 'string' },
        seed: { type: 'string', default: '1' },
        workers: { type: 'string', default: String(MOST_WORKERS) },
        survivors: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (cause) {
    const [line = ''] = (cause as Error).message.split('\n', 1);
    throw new UsageError(line, { cause });
  }
}

function wholeNumber(name: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`;
  throw new UsageError(`${name} takes a whole number, ${range}`);
}

function withoutSlash(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/+$/, '');
}
