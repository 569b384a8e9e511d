import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { amount, type Benchmark, BenchmarkError } from '../benchmark.ts';
import { medianOf } from '../quantiles.ts';

const COMMAND_LINE = fileURLToPath(new URL('../../../lib/cli/threat-consensus.ts', import.meta.url));
const STARTS = 5;
const MOST_SECONDS = 10;

/** From the command `local` to the line that says how to reach the stack, bundling included. */
export const start: Benchmark = {
  name: 'start',
  summary: 'time until the embedded stack is ready',
  async run(context) {
    const seconds: number[] = [];
    const starts = amount(context, STARTS);
    context.progress.step('start', starts);
    for (let n = 0; n < starts; n++) {
      seconds.push(await secondsUntilReady());
      context.progress.update(n + 1);
    }
    const budget = { atMost: MOST_SECONDS };
    return [{ name: 'ready, median', value: medianOf(seconds), unit: 's', budget }];
  },
};

async function secondsUntilReady(): Promise<number> {
  const startedAt = performance.now();
  const stack = spawn(process.execPath, [COMMAND_LINE, 'local', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(stack, 'exit');
  const ready = once(stack.stdout, 'data');
  const first = await Promise.race([ready.then(() => 'ready'), ended.then(() => 'ended')]);
  const seconds = (performance.now() - startedAt) / 1000;
  if (first === 'ended') throw new BenchmarkError('the embedded stack ended instead of starting');
  stack.kill('SIGINT');
  await ended;
  return seconds;
}
