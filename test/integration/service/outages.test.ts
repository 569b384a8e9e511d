import { beforeAll, describe, expect, it } from 'vitest';
import { World } from '../../chaos/model/world.ts';
import { buildProduct } from '../../chaos/product/build-product.ts';
import type { CodeVersion } from '../../chaos/product/code-version.ts';
import { type Clients, simulatedClients } from '../../chaos/simulation/clients.ts';
import { openMemoryServices } from '../../chaos/simulation/memory-services.ts';
import { errorAnswer, type OpenServices, type WireRequest } from '../../chaos/simulation/service.ts';
import type { Simulation } from '../../chaos/simulation/simulation.ts';
import { WEATHERS, type Weather } from '../../chaos/simulation/weather.ts';
import { SHAPES } from '../../chaos/workload/bodies.ts';

const HOUR_MS = 3_600_000;
const MINUTES = 60_000;
/** Simulated hours pass in seconds; more on a busy machine. */
const PATIENCE = { timeout: 120_000 };

let deployed: CodeVersion;
let clients: Clients;
let current: Simulation;

beforeAll(async () => {
  deployed = { name: 'deployed', product: await buildProduct('outages'), furtherReasoning: 0 };
  clients = simulatedClients(() => current);
}, PATIENCE.timeout);

async function openWorld(seed: number, openServices: OpenServices = openMemoryServices): Promise<World> {
  const world = await World.open({ seed, versions: [deployed], clients, openServices });
  current = world.simulation;
  (globalThis as { chaosSimulation?: Simulation }).chaosSimulation = current;
  for (const [n, shape] of SHAPES.entries()) world.send({ shape, records: 3, seed: seed + n });
  return world;
}

function found({ books }: World) {
  const open = books.queued.filter(({ isAcknowledged }) => !isAcknowledged).length;
  return { open, deadLetters: books.deadLetters, discrepancies: books.discrepancies.found };
}

describe('an hour without the table', PATIENCE, () => {
  const alone = (fault: keyof Weather['table']): Weather => ({ table: { [fault]: 1 }, queue: {} });

  it.each<[string, Weather]>([
    ['that refuses connections', alone('reset')],
    ['that answers with errors', alone('unavailable')],
    ['that throttles', alone('throttled')],
    ['that may not be called', alone('denied')],
    ['that never answers', alone('hang')],
    ['that does what is asked and whose answers are lost', alone('lost')],
    ['that does what is asked and never answers', alone('hang_done')],
    ['that does what is asked long after', alone('late')],
    ['that answers one request in five', WEATHERS.table_down],
    ['that does what is asked and loses an answer in two', { table: { lost: 0.5 }, queue: {} }],
  ])('%s ends with everything stored, and nothing in the dead-letter queue', async (_, weather) => {
    for (const messagesAtOnce of [1, 5]) {
      const world = await openWorld(messagesAtOnce);
      world.changeWeather(weather);
      await world.deliverFor(HOUR_MS, messagesAtOnce);
      world.changeWeather(WEATHERS.calm);
      await world.simulation.arriveLate();
      await world.deliverFor(20 * MINUTES, messagesAtOnce);

      expect(found(world)).toEqual({ open: 0, deadLetters: 0, discrepancies: [] });
      await world.finish();
      expect(found(world).discrepancies).toEqual([]);
    }
  });
});

describe('an hour in which the index turns writes away', PATIENCE, () => {
  it.each([1, 5])(
    'ends with everything stored, and nothing in the dead-letter queue: %i messages at once',
    async (messagesAtOnce) => {
      const index = { isAway: true };
      const throttling = errorAnswer(400, 'com.amazonaws.dynamodb.v20120810#ThrottlingException', 'index');
      const world = await openWorld(messagesAtOnce, async (events) => {
        const services = await openMemoryServices(events);
        // Attempt counters are not in the index, and continue to be counted.
        const isTurnedAway = ({ operation }: WireRequest) => index.isAway && operation === 'BatchWriteItem';
        return {
          ...services,
          apply: (request) => (isTurnedAway(request) ? throttling : services.apply(request)),
        };
      });
      await world.deliverFor(HOUR_MS, messagesAtOnce);
      index.isAway = false;
      await world.deliverFor(20 * MINUTES, messagesAtOnce);

      expect(found(world)).toEqual({ open: 0, deadLetters: 0, discrepancies: [] });
    },
  );
});

describe('a message that kills the process', PATIENCE, () => {
  it('is given up after five deaths, and its neighbours are stored', async () => {
    const world = await openWorld(7);
    world.sendPoison({ shape: 'packed', records: 3, seed: 7 });
    await world.deliverFor(30 * MINUTES, 5);

    expect(found(world)).toEqual({ open: 1, deadLetters: 1, discrepancies: [] });
    expect(world.books.queued.filter(({ isGivenUp }) => isGivenUp).map(({ died }) => died.size)).toEqual([5]);
    await world.finish();
    expect(found(world)).toEqual({ open: 0, deadLetters: 1, discrepancies: [] });
  });

  it('is given up although the table is away for an hour meanwhile', async () => {
    const world = await openWorld(8);
    world.sendPoison({ shape: 'packed', records: 3, seed: 8 });
    await world.deliverFor(7 * MINUTES, 5);
    world.changeWeather({ table: { unavailable: 1 }, queue: {} });
    await world.deliverFor(HOUR_MS, 5);
    world.changeWeather(WEATHERS.calm);
    await world.deliverFor(30 * MINUTES, 5);

    expect(found(world)).toEqual({ open: 1, deadLetters: 1, discrepancies: [] });
  });

  it('leaves neighbours alone that can be stored, but not deleted', async () => {
    const world = await openWorld(9);
    world.sendPoison({ shape: 'packed', records: 3, seed: 9 });
    world.changeWeather({ table: {}, queue: { unavailable: 1 } });
    await world.deliverFor(40 * MINUTES, 20);
    world.changeWeather(WEATHERS.calm);
    await world.deliverFor(30 * MINUTES, 20);

    expect(found(world)).toEqual({ open: 1, deadLetters: 1, discrepancies: [] });
  });
});
