import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openInput } from '../../lib/cli/use/input/open-input.ts';
import { readLog } from '../../lib/logs/read-log.ts';
import { BenchmarkError } from './benchmark.ts';

/** Sensors' logs of a folder, in the order of their names. */
export function logFiles(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ name }) => join(folder, name))
      .sort();
  } catch (cause) {
    throw new BenchmarkError(`cannot read the folder of logs: ${(cause as Error).message}`, { cause });
  }
}

/** The connections of a log as records, in its order. */
export async function recordTexts(path: string): Promise<string[]> {
  const { entries } = await readLog(await openInput(path));
  const all = (await Array.fromAsync(entries)).flat();
  return all.flatMap((entry) => (entry.kind === 'connection' ? [entry.text] : []));
}
