import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MEASURE_LOOP = fileURLToPath(new URL('./measure-loop.ts', import.meta.url));

/**
 * Measures how fast this machine is just now, in a process of its own: what else a benchmark's process has compiled and
 * keeps in memory would change the figure.
 *
 * @returns calibration loops per second of CPU time
 */
export async function calibrate(): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [MEASURE_LOOP]);
  return Number(stdout);
}
