import type { Sizes } from '../model/commands.ts';
import { runSeed } from '../model/run-seed.ts';
import { buildProduct } from '../product/build-product.ts';
import { type CodeVersion, layoutEdits } from '../product/code-version.ts';
import { plantedEdits } from '../product/planted-faults.ts';
import { type Clients, simulatedClients } from '../simulation/clients.ts';
import { openMemoryServices } from '../simulation/memory-services.ts';
import { openRemoteServices } from '../simulation/remote-services.ts';
import type { OpenServices } from '../simulation/service.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { CampaignFailure, CampaignRequest, CampaignResult } from './campaign-result.ts';
import { Tally } from './tally.ts';

/** A kind of run: the code versions taking part, and the size of messages. */
interface Scale {
  readonly versions: readonly CodeVersion[];
  readonly sizes: Sizes;
  readonly maxCommands: number;
}

/** With small limits, messages of a few hundred records have many parts. */
const SMALL: Sizes = { mostRecords: 400, mostOfOneAddress: 600, mostHeavy: 25, mostSingles: 40 };
/** As much as a message holds, for the deployed limits. */
const LARGE: Sizes = { mostRecords: 3_000, mostOfOneAddress: 11_000, mostHeavy: 270, mostSingles: 1_500 };
/** One in this many runs uses the deployed limits. */
const LARGE_EVERY = 8;
/** A campaign stops after this many failures: more add nothing. */
const MOST_FAILURES = 3;
/** Smaller runs, since every request to an emulator is a round trip. */
const REMOTE: Pick<Scale, 'sizes' | 'maxCommands'> = {
  sizes: { mostRecords: 60, mostOfOneAddress: 120, mostHeavy: 6, mostSingles: 25 },
  maxCommands: 100,
};

let prepared: Promise<{ readonly scales: readonly Scale[]; readonly clients: Clients }> | undefined;
let current: Simulation | undefined;

/** Runs one campaign in this process, run by run until it has processed enough records. */
export async function runCampaign(
  request: CampaignRequest,
  onProgress: (records: number) => void,
): Promise<CampaignResult> {
  prepared ??= prepare(request.plant);
  const { scales, clients } = await prepared;
  const started = performance.now();
  const services = openServices(request.endpoint);
  const total = new Tally();
  const failures: CampaignFailure[] = [];
  const first = request.run ?? 0;
  for (
    let run = first;
    run === first || (request.run === undefined && isOpen(total, failures, request));
    run++
  ) {
    const scale = scales[run % LARGE_EVERY === LARGE_EVERY - 1 ? 1 : 0] ?? scales[0];
    if (scale === undefined) break;
    const result = await runSeed({
      ...scale,
      ...(request.endpoint !== undefined && REMOTE),
      seed: `${request.seed}/${run}`,
      clients,
      openServices: services,
      use,
      shrinkMs: request.shrinkSeconds * 1000,
    });
    total.add(result);
    if (result.failure !== undefined) failures.push({ run, ...result.failure });
    onProgress(total.figures.records);
  }
  return {
    seed: request.seed,
    ...total.result(),
    seconds: Math.round((performance.now() - started) / 100) / 10,
    discrepancies: failures.reduce((sum, { counts }) => sum + sumOf(counts), 0),
    failures,
  };
}

function isOpen(total: Tally, failures: readonly CampaignFailure[], { records }: CampaignRequest): boolean {
  return total.figures.records < records && failures.length < MOST_FAILURES;
}

function use(simulation: Simulation): void {
  current = simulation;
  (globalThis as { chaosSimulation?: Simulation }).chaosSimulation = simulation;
}

async function prepare(plant: string | undefined) {
  const planted = plant === undefined ? [] : plantedEdits(plant);
  const version = async (name: string, layout: string | undefined, furtherReasoning: number) => ({
    name,
    product: await buildProduct(name, [...planted, ...(layout === undefined ? [] : layoutEdits(layout))]),
    furtherReasoning,
    ...(layout !== undefined && { engineVersion: `0.0.0-${name}` }),
  });
  const deployed: CodeVersion = await version('deployed', undefined, 0);
  const tiny = await version('tiny', 'tiny', 0);
  const small = await version('small', 'small', 200);
  const other = await version('other', 'other', 0);
  const talkative: CodeVersion = { ...deployed, name: 'talkative', furtherReasoning: 2_000 };
  const scales: Scale[] = [
    { versions: [deployed, tiny, tiny, small], sizes: SMALL, maxCommands: 200 },
    { versions: [deployed, deployed, other, talkative], sizes: LARGE, maxCommands: 120 },
  ];
  const clients = simulatedClients(() => {
    if (current === undefined) throw new Error('no run has begun');
    return current;
  });
  return { scales, clients };
}

function openServices(endpoint: string | undefined): OpenServices {
  return endpoint === undefined ? openMemoryServices : openRemoteServices(endpoint);
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
