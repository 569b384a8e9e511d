import { createProgress } from '../../lib/cli/output/progress.ts';
import { styled } from '../../lib/cli/output/terminal.ts';
import { type Benchmark, type BenchmarkContext, BenchmarkError, calibrated, isMet } from './benchmark.ts';
import { against } from './benchmarks/against.ts';
import { againstJq } from './benchmarks/against-jq.ts';
import { batchChoices } from './benchmarks/batches.ts';
import { bundle } from './benchmarks/bundle.ts';
import { coldStart } from './benchmarks/cold-start.ts';
import { cost } from './benchmarks/cost.ts';
import { endToEnd } from './benchmarks/end-to-end.ts';
import { engine } from './benchmarks/engine.ts';
import { feeds } from './benchmarks/feeds.ts';
import { handler } from './benchmarks/handler.ts';
import { lists } from './benchmarks/lists.ts';
import { logFileReading } from './benchmarks/log-files.ts';
import { lookUps } from './benchmarks/look-ups.ts';
import { memory } from './benchmarks/memory.ts';
import { reading } from './benchmarks/reading.ts';
import { singles } from './benchmarks/singles.ts';
import { start } from './benchmarks/start.ts';
import { calibrate } from './calibration/calibrate.ts';
import { type BenchOptions, readOptions, UsageError } from './options.ts';
import { profileHandler } from './profile.ts';
import { type Section, tableLines } from './table.ts';

const BENCHMARKS: readonly Benchmark[] = [
  engine,
  handler,
  lookUps,
  feeds,
  lists,
  reading,
  againstJq,
  endToEnd,
  cost,
  logFileReading,
  singles,
  batchChoices,
  against,
  memory,
  bundle,
  coldStart,
  start,
];

const USAGE = `Usage: npm run bench -- [--quick] [--json] [--only NAME,...] [--logs DIR] [--against DIR] [--profile]

Measures the service against its budgets. A missed budget is a figure, not a failure. Beside each figure that depends on
the machine stands how many calibration loops (a fixed piece of work) a second of CPU time took on it meanwhile: divide by
it to compare machines.

${BENCHMARKS.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`).join('\n')}

  --quick      a tenth of the work: rough figures
  --json       one JSON object on standard output
  --only NAME  these benchmarks only; may be given more than once
  --logs DIR   what the logs in a folder would cost (or BENCH_LOGS)
  --against DIR  another checkout, dependencies installed: its function beside this one's
  --profile    the handler's benchmark under a profiler: in which functions the time goes

Examples:
  $ npm run bench
  $ npm run bench -- --quick --only engine,handler
  $ npm run bench -- --json > figures.json
  $ npm run bench -- --only cost --logs ~/zeek/current
  $ npm run bench -- --profile

Exit codes: 0 measured, 1 something could not be measured, 2 called wrongly, 130 interrupted.
`;

process.once('SIGINT', () => process.exit(130));
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const progress = createProgress(false);
  try {
    const options = readOptions(
      args,
      BENCHMARKS.map(({ name }) => name),
    );
    const output = options.isHelp ? USAGE : await measure(options, { ...options, progress });
    progress.stop();
    process.stdout.write(output);
    return 0;
  } catch (error) {
    progress.stop();
    return report(error);
  }
}

async function measure(options: BenchOptions, context: BenchmarkContext): Promise<string> {
  if (options.isProfile) return `${(await profileHandler(context)).join('\n')}\n`;
  const startedAt = performance.now();
  const sections: Section[] = [];
  for (const { name, summary, run } of BENCHMARKS) {
    if (options.only.length > 0 && !options.only.includes(name)) continue;
    context.progress.step('calibration');
    const before = await calibrate();
    const figures = await run(context);
    context.progress.step('calibration');
    // The machine's speed may change on the way: half of it was measured at each end.
    const calibration = (before + (await calibrate())) / 2;
    sections.push({ name, summary, figures: figures.map((figure) => calibrated(figure, calibration)) });
  }
  const seconds = (performance.now() - startedAt) / 1000;
  if (options.isJson) return `${JSON.stringify(figuresJson(sections, options, seconds))}\n`;
  const took = styled(
    'dim',
    `Took ${seconds.toFixed(0)} s${options.isQuick ? '; rough figures (--quick)' : ''}.`,
  );
  return `${[...tableLines(sections), '', took].join('\n')}\n`;
}

function figuresJson(sections: readonly Section[], { isQuick }: BenchOptions, seconds: number) {
  const benchmarks = sections.map(({ name, figures }) => {
    const judged = figures.map((figure) => ({ ...figure, is_met: isMet(figure) }));
    return [name, judged] as const;
  });
  return {
    node: process.version,
    quick: isQuick,
    duration_seconds: Number(seconds.toFixed(1)),
    benchmarks: Object.fromEntries(benchmarks),
  };
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`error: ${error.message}\nTry --help.\n`);
    return 2;
  }
  const isExpected = error instanceof BenchmarkError;
  const detail = !isExpected && error instanceof Error ? error.stack : (error as Error).message;
  process.stderr.write(`error: ${detail}\n`);
  return 1;
}
