/** `npm run chaos`: campaigns of deliveries under faults. See docs/deliveries.md. */
import type { CampaignRequest, CampaignResult } from './campaign/campaign-result.ts';
import { KeptResults } from './campaign/kept-results.ts';
import { reportLines } from './campaign/report.ts';
import { runCampaigns } from './campaign/run-campaigns.ts';
import { type ChaosOptions, readOptions, USAGE, UsageError } from './options.ts';
import { PLANT_NAMES, plantedEdits } from './product/planted-faults.ts';
import { startDynalite } from './simulation/start-dynalite.ts';

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.isHelp) return print(USAGE);
  if (options.isListing) return print(`${PLANT_NAMES.join('\n')}\n`);
  if (options.plant !== undefined) plantedEdits(options.plant);
  const dynalite = options.endpoint === 'dynalite' ? await startDynalite() : undefined;
  try {
    const results = await campaigns(
      dynalite === undefined ? options : { ...options, endpoint: dynalite.endpoint },
    );
    if (options.isJson) print(`${JSON.stringify(results)}\n`);
    else print(`${reportLines(results, options.isProcess).join('\n')}\n`);
    return results.some(({ discrepancies, failures }) => discrepancies + failures.length > 0) ? 1 : 0;
  } finally {
    await dynalite?.close();
  }
}

async function campaigns(options: ChaosOptions): Promise<CampaignResult[]> {
  const { seeds, workers, isFresh } = options;
  const kept = new KeptResults();
  const isKept = options.run === undefined && options.plant === undefined;
  const results = new Map<number, CampaignResult>();
  const open: CampaignRequest[] = [];
  for (const seed of seeds) {
    const request = requestOf(seed, options);
    const known = isKept && !isFresh ? kept.find(request) : undefined;
    if (known === undefined) open.push(request);
    else results.set(seed, known);
  }
  if (results.size > 0) note(`${results.size} of ${seeds.length} campaigns have results already\n`);
  const running = new Map<number, number>();
  await runCampaigns(open, workers, {
    onProgress: (seed, records) => {
      running.set(seed, records);
      if (process.stderr.isTTY)
        note(`\r${[...running].map(([s, n]) => `seed ${s}: ${n}`).join('  ')}\u001b[K`);
    },
    onResult: (result) => {
      running.delete(result.seed);
      results.set(result.seed, result);
      const { seed, records, seconds, discrepancies } = result;
      if (isKept) kept.keep(requestOf(seed, options), result);
      if (process.stderr.isTTY) note('\r\u001b[K');
      note(`seed ${seed}: ${records} records in ${seconds} s, ${discrepancies} discrepancies\n`);
    },
  });
  return seeds.flatMap((seed) => results.get(seed) ?? []);
}

function requestOf(seed: number, options: ChaosOptions): CampaignRequest {
  const { records, run, plant, endpoint, isProcess, shrinkSeconds } = options;
  return {
    seed,
    records,
    isProcess,
    shrinkSeconds,
    ...(run !== undefined && { run }),
    ...(plant !== undefined && { plant }),
    ...(endpoint !== undefined && { endpoint }),
  };
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function note(text: string): void {
  process.stderr.write(text);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError || error instanceof RangeError;
  note(`error: ${isUsage ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
