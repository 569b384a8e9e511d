import * as fc from 'fast-check';
import type { Discrepancy } from '../audit/discrepancies.ts';
import type { CodeVersion } from '../product/code-version.ts';
import type { Clients } from '../simulation/clients.ts';
import type { OpenServices } from '../simulation/service.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { shortHash } from '../workload/canonical.ts';
import { commands, type Sizes } from './commands.ts';
import { World } from './world.ts';
import type { WorldFigures } from './world-figures.ts';

/** What happened, what was sent, and how often it was audited. */
export interface RunFigures extends WorldFigures {
  readonly records: number;
  readonly messages: number;
  readonly audits: number;
}

/** Result of one run of commands. */
export interface RunResult {
  readonly figures: RunFigures;
  readonly faults: Readonly<Record<string, number>>;
  readonly lateArrivals: number;
  readonly events: number;
  readonly trace: string;
  readonly failure?: RunFailure;
}

/** The smallest failing run found, and how to repeat it. */
export interface RunFailure {
  readonly counts: Readonly<Record<string, number>>;
  readonly discrepancies: readonly Discrepancy[];
  readonly commands: string;
  readonly path: string;
  readonly error: string;
}

export interface RunOptions {
  /** Any text: the campaign's seed and the run. */
  readonly seed: string;
  readonly sizes: Sizes;
  readonly maxCommands: number;
  readonly versions: readonly CodeVersion[];
  readonly clients: Clients;
  readonly openServices: OpenServices;
  /** Connects clients and code to a simulation. */
  readonly use: (simulation: Simulation) => void;
  /** How long to search for a smaller failing run, milliseconds; 0 disables the search. */
  readonly shrinkMs: number;
}

/** Runs the sequence of commands derived from the seed and, if it fails, searches for a shorter one that fails too. */
export async function runSeed(options: RunOptions): Promise<RunResult> {
  const { seed, versions, clients, openServices, use, sizes, maxCommands, shrinkMs } = options;
  const endsAt = performance.now() + shrinkMs;
  let first: World | undefined;
  let last: World | undefined;
  const property = fc.asyncProperty(
    commands(sizes, maxCommands),
    fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    async (list, worldSeed) => {
      // After the deadline every attempt passes at once, which ends the search.
      if (last !== undefined && performance.now() > endsAt) return;
      const world = await World.open({ seed: worldSeed, versions, clients, openServices });
      first ??= world;
      use(world.simulation);
      try {
        await fc.asyncModelRun(() => ({ model: {}, real: world }), list);
        await world.finish();
      } catch (error) {
        last = world;
        throw error;
      } finally {
        await world.close();
      }
      if (!world.hasFailed) return;
      last = world;
      throw new Error('the end of the run has a discrepancy');
    },
  );
  const details = await fc.check(property, {
    seed: numberOf(seed),
    numRuns: 1,
    unbiased: true,
    endOnFailure: shrinkMs === 0,
  });
  const world = first;
  if (world === undefined) throw new Error('nothing was run');
  const { simulation, figures, books } = world;
  return {
    figures: { ...figures, records: books.records, messages: books.messages, audits: books.audits },
    faults: Object.fromEntries(simulation.faults),
    lateArrivals: simulation.lateArrivals,
    events: simulation.events,
    trace: simulation.trace,
    ...(details.failed && {
      failure: {
        counts: (last ?? world).books.discrepancies.counts,
        discrepancies: (last ?? world).books.discrepancies.found,
        commands: String(details.counterexample?.[0]).slice(0, 4_000),
        path: details.counterexamplePath ?? '',
        error: String(details.errorInstance ?? '').slice(0, 1_000),
      },
    }),
  };
}

/** Hashed, since neighbouring seeds would give similar runs. */
function numberOf(seed: string): number {
  return Buffer.from(shortHash(`seed ${seed}`), 'base64url').readInt32BE(0);
}
