import { once } from 'node:events';
import { expect, it } from 'vitest';
import { eveFlow } from '../factories/sensor-logs.ts';
import { startCall } from '../fixtures/cli/calls.ts';

/** Of the heap, MB: several windows fit, the log does not. */
const HEAP_MEGABYTES = 80;
/** 100 MB of log, or five times as much. */
const CHUNKS = process.env.LONG_TESTS === '1' ? 1_000 : 200;
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

  for (let n = 0; n < CHUNKS; n++) {
    const text = chunk(n);
    bytes += text.length;
    if (!push.process.stdin.write(text)) await Promise.race([once(push.process.stdin, 'drain'), push.ended]);
  }
  push.process.stdin.end();
  const { end, stdout, stderr } = await push.ended;

  expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ read: CHUNKS * LINES_A_CHUNK, sent: CHUNKS * LINES_A_CHUNK });
  expect(bytes).toBeGreaterThan(HEAP_MEGABYTES * 2 ** 20);
});
