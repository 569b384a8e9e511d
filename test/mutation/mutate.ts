import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createProgress, type Progress } from '../../lib/cli/output/progress.ts';
import { type CoveringTests, createTestChooser } from './choose-tests.ts';
import { isEquivalent } from './equivalents.ts';
import { generateMutants, sampleMutants } from './generate-mutants.ts';
import { ImportGraph } from './import-graph.ts';
import type { Mutant } from './mutant.ts';
import { type MutationOptions, readOptions, USAGE, UsageError } from './options.ts';
import { type Judged, reportJson, reportLines } from './report.ts';
import { type Outcome, ResultsFile } from './results.ts';
import { FailingTestsError, runMutants } from './running/run-mutants.ts';
import { RunnerError } from './running/runner.ts';

const ROOT = join(import.meta.dirname, '../..');
const RESULTS = join(ROOT, '.build/mutation.ndjson');

process.once('SIGINT', () => process.exit(130));
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const progress = createProgress(false);
  try {
    const options = readOptions(args);
    const output = options.isHelp ? USAGE : await mutate(options, progress);
    progress.stop();
    process.stdout.write(output);
    return 0;
  } catch (error) {
    progress.stop();
    return report(error);
  }
}

async function mutate(options: MutationOptions, progress: Progress): Promise<string> {
  const generated = options.only
    .flatMap(sourcesIn)
    .flatMap((file) => generateMutants(file, readFileSync(join(ROOT, file), 'utf8')));
  const mutants =
    options.sample === undefined ? generated : sampleMutants(generated, options.sample, options.seed);
  const testsOf = testsByFile(mutants, options.tests);
  const results = new ResultsFile(RESULTS);
  const tasks = mutants
    .map((mutant) => ({ mutant, tests: testsOf(mutant.file) }))
    .filter(({ mutant, tests }) => tests.files.length > 0 && !isEquivalent(mutant))
    .filter(({ mutant, tests }) => !isSettled(mutant, tests, results, options));
  progress.step('mutants', tasks.length);
  const { workers } = options;
  await runMutants(tasks, { root: ROOT, workers, results, onProgress: (done) => progress.update(done) });
  const judged = mutants.map((mutant) => ({
    mutant,
    outcome: outcomeOf(mutant, testsOf(mutant.file), results),
  }));
  return options.isJson ? `${reportJson(judged)}\n` : `${reportLines(judged).join('\n')}\n`;
}

/** @throws {UsageError} for a path that is not there */
function sourcesIn(path: string): string[] {
  const stats = statSync(join(ROOT, path), { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`there is no ${path}`);
  return stats.isFile() ? [path] : globSync(`${path}/**/*.ts`, { cwd: ROOT }).toSorted();
}

function testsByFile(
  mutants: readonly Mutant[],
  folders: readonly string[],
): (file: string) => CoveringTests {
  const choose = createTestChooser(ROOT, new ImportGraph(ROOT), folders);
  const chosen = new Map([...new Set(mutants.map(({ file }) => file))].map((file) => [file, choose(file)]));
  return (file) => chosen.get(file) ?? { files: [], digest: '' };
}

function isSettled(
  mutant: Mutant,
  { digest }: CoveringTests,
  results: ResultsFile,
  { isSurvivorsOnly }: MutationOptions,
): boolean {
  const last = results.find(mutant);
  return last?.digest === digest || (isSurvivorsOnly && last !== undefined && last.outcome !== 'survived');
}

function outcomeOf(mutant: Mutant, tests: CoveringTests, results: ResultsFile): Judged['outcome'] {
  if (isEquivalent(mutant)) return 'equivalent';
  const none: Outcome = 'uncovered';
  return tests.files.length === 0 ? none : (results.find(mutant)?.outcome ?? none);
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`error: ${error.message}\nTry --help.\n`);
    return 2;
  }
  const isExpected = error instanceof FailingTestsError || error instanceof RunnerError;
  const detail = !isExpected && error instanceof Error ? error.stack : (error as Error).message;
  process.stderr.write(`error: ${detail}\n`);
  return 1;
}
