import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, it } from 'vitest';
import { eveFlow } from '../factories/sensor-logs.ts';
import { startCall } from '../fixtures/cli/calls.ts';

/**
 * Limit of the old generation, in MB; the log does not fit. A push needs about 70, depending on garbage collection, so
 * the limit is half as much again.
 */
const HEAP_MEGABYTES = 112;
/** 130 MB of log, or four times that. */
const CHUNKS = process.env.LONG_TESTS === '1' ? 1_000 : 260;
const LINES_A_CHUNK = 1_000;

function chunk(n: number): string {
  const lines = Array.from({ length: LINES_A_CHUNK }, (_, line) =>
    JSON.stringify(
      eveFlow({ flow_id: n * LINES_A_CHUNK + line, dest_ip: `198.51.${n % 256}.${line % 256}` }),
    ),
  );
  return `${lines.join('\n')}\n`;
}

it('reads a log larger than its heap', { timeout: 300_000 }, async () => {
  const push = startCall({ NODE_OPTIONS: `--max-old-space-size=${HEAP_MEGABYTES}` }, [
    'push',
    '-',
    '--dry-run',
    '--json',
  ]);
  let bytes = 0;
  function* log(): Generator<string> {
    for (let n = 0; n < CHUNKS; n++) {
      const text = chunk(n);
      bytes += text.length;
      yield text;
    }
  }

  // A process that ends early breaks the pipe; its exit code and standard error say why.
  await pipeline(Readable.from(log(), { highWaterMark: 1 }), push.process.stdin).catch(() => undefined);
  const { end, stdout, stderr } = await push.ended;

  expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ read: CHUNKS * LINES_A_CHUNK, sent: CHUNKS * LINES_A_CHUNK });
  expect(bytes).toBeGreaterThan(HEAP_MEGABYTES * 2 ** 20);
});
