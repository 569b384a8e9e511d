import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Mutant } from './mutant.ts';

/**
 * `killed`: a test failed. `timeout`: the tests did not end, which a developer would notice too. `survived`: all tests
 * passed. `uncovered`: no test loads the file.
 */
export type Outcome = 'killed' | 'timeout' | 'survived' | 'uncovered';

export interface Result {
  readonly key: string;
  readonly sourceDigest: string;
  /** Of the tests that ran and all that they load, the mutated file included. */
  readonly digest: string;
  readonly outcome: Outcome;
  /** The test that failed first. */
  readonly killer?: string;
}

/**
 * Results kept in a file, line by line as they arise: an interrupted run goes on where it was, and what has not changed
 * since is not run again.
 */
export class ResultsFile {
  readonly #path: string;
  readonly #results = new Map<string, Result>();

  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    for (const line of readLines(path)) {
      const result = parse(line);
      if (result !== undefined) this.#results.set(result.key, result);
    }
    // Only the last result of a mutant counts; without this the file would grow forever.
    writeFileSync(path, [...this.#results.values()].map((result) => `${JSON.stringify(result)}\n`).join(''));
  }

  /** The last result of a mutant of the file as it is now, whatever has happened to its tests since. */
  find({ key, sourceDigest }: Mutant): Result | undefined {
    const result = this.#results.get(key);
    return result?.sourceDigest === sourceDigest ? result : undefined;
  }

  add(result: Result): void {
    this.#results.set(result.key, result);
    appendFileSync(this.#path, `${JSON.stringify(result)}\n`);
  }
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** A line that an interruption cut short is no result. */
function parse(line: string): Result | undefined {
  try {
    return JSON.parse(line) as Result;
  } catch {
    return undefined;
  }
}
