import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { amount, type Benchmark, type BenchmarkContext, BenchmarkError, type Figure } from '../benchmark.ts';
import { sensorLogs } from '../logs.ts';
import { medianOf } from '../quantiles.ts';

const LINES = 100_000;
const ROUNDS = 5;
const COMMAND_LINE = fileURLToPath(new URL('../../../lib/cli/threat-consensus.ts', import.meta.url));
/** Runs a command, throws its output away, and prints the CPU time of all its threads. */
const TIMED = '"$@" >/dev/null && times';

/**
 * How fast `push` reads, checks and packs a log, beside `jq -c .`, which reads and writes the same lines and checks
 * nothing. Whole processes, in turn, so that what disturbs the machine disturbs both; medians of five rounds after one that
 * does not count. `jq` is no dependency: where it is not installed, only our own speed is measured.
 */
export const againstJq: Benchmark = {
  name: 'against-jq',
  summary: '`push --dry-run` of a log beside `jq -c .`, whole processes',
  async run(context) {
    const lines = amount(context, LINES);
    const { zeekJson, eve } = sensorLogs(lines);
    const hasJq = await isInstalled('jq');
    if (!hasJq) process.stderr.write('jq is not installed: nothing is compared with it\n');
    const folder = await mkdtemp(join(tmpdir(), 'threat-consensus-logs-'));
    try {
      return [
        ...(await measure('Zeek as JSON', await saved(folder, 'zeek.json', zeekJson), lines, hasJq, context)),
        ...(await measure("Suricata's EVE", await saved(folder, 'eve.json', eve), lines, hasJq, context)),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function saved(folder: string, name: string, log: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, log);
  return path;
}

async function measure(
  name: string,
  path: string,
  lines: number,
  hasJq: boolean,
  { progress }: BenchmarkContext,
): Promise<Figure[]> {
  const push = [process.execPath, COMMAND_LINE, 'push', path, '--dry-run', '--json'];
  const jq = ['jq', '-c', '.', path];
  const rounds: { readonly push: Run; readonly jq: Run | undefined }[] = [];
  progress.step(`against jq, ${name}`, ROUNDS);
  for (let round = 0; round <= ROUNDS; round++) {
    rounds.push({ push: await run(push), jq: hasJq ? await run(jq) : undefined });
    progress.update(round);
  }
  const counted = rounds.slice(1);
  const timesJq = (of: (run: Run) => number) =>
    medianOf(counted.flatMap((round) => (round.jq === undefined ? [] : of(round.jq) / of(round.push))));
  return [
    ...(hasJq
      ? [
          {
            name: `${name}, CPU time`,
            value: timesJq(({ cpu }) => cpu),
            unit: 'times jq',
            budget: { atLeast: 1 },
          },
          { name: `${name}, on the clock`, value: timesJq(({ clock }) => clock), unit: 'times jq' },
        ]
      : []),
    {
      name: `${name}, CPU time`,
      value: lines / medianOf(counted.map(({ push: { cpu } }) => cpu)),
      unit: 'lines/s',
    },
  ];
}

/** Seconds that a process took: of all its threads, and from its start to its end. */
interface Run {
  readonly cpu: number;
  readonly clock: number;
}

async function run(command: readonly string[]): Promise<Run> {
  const startedAt = performance.now();
  const { stdout } = await promisify(execFile)('sh', ['-c', TIMED, 'sh', ...command]);
  const clock = (performance.now() - startedAt) / 1000;
  // Two lines, the shell's own and its children's: user and system time as 0m1.230s.
  const [, children = ''] = stdout.trim().split('\n');
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  if (parts.length !== 2)
    throw new BenchmarkError(`the shell did not say what ${command[0]} took: ${stdout}`);
  return {
    cpu: parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0),
    clock,
  };
}

async function isInstalled(command: string): Promise<boolean> {
  try {
    await promisify(execFile)(command, ['--version']);
    return true;
  } catch {
    return false;
  }
}
