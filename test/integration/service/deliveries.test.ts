import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { IS_LONG } from '../../fixtures/long-tests.ts';
import { start } from '../../fixtures/service/command-line.ts';

const CHAOS = fileURLToPath(new URL('../../chaos/chaos.ts', import.meta.url));

/** In a separate process: the simulation replaces the clock and randomness. */
async function chaos(...args: readonly string[]) {
  const { end, stdout, stderr } = await start(process.execPath, [CHAOS, '--fresh', ...args], {}).ended;
  return { end, stdout, stderr };
}

/** A few seconds; more on a busy machine. */
const PATIENCE_MS = 180_000;

describe('deliveries under faults, kills, overlaps and changes', { timeout: PATIENCE_MS }, () => {
  it('leave every record of what is acknowledged once, and nothing else', async () => {
    const { end, stdout } = await chaos('--seed', '1', '--records', IS_LONG ? '8000' : '1500', '--json');

    const [result] = JSON.parse(stdout) as [Record<string, number>];
    expect(result).toMatchObject({ discrepancies: 0, failures: [] });
    expect(result.kills).toBeGreaterThan(0);
    expect(result.overlaps).toBeGreaterThan(0);
    expect(result.settingsChanges).toBeGreaterThan(0);
    expect(result.lateArrivals).toBeGreaterThan(0);
    expect(end).toBe(0);
  });

  it('do so in the emulator of the embedded stack too', async () => {
    const { end, stdout } = await chaos(
      '--seed',
      '1',
      '--records',
      IS_LONG ? '1000' : '200',
      '--endpoint',
      'dynalite',
      '--json',
    );

    expect(JSON.parse(stdout)).toMatchObject([{ discrepancies: 0, failures: [] }]);
    expect(end).toBe(0);
  });
});
