import * as fc from 'fast-check';
import type { Settings } from '../../../lib/cutover/settings.ts';
import type { Intelligence } from '../product/intelligence.ts';
import { WEATHERS, type WeatherName } from '../simulation/weather.ts';
import { type BodyOrder, SHAPES, type Shape } from '../workload/bodies.ts';
import type { World } from './world.ts';

/** The world itself is the model, so commands need no further state. */
type Model = Record<string, never>;
type WorldCommand = fc.AsyncCommand<Model, World>;

/** Something that happens to the service, with its name in reports. */
class Step implements WorldCommand {
  readonly #name: string;
  readonly #act: (world: World) => void | Promise<void>;

  constructor(name: string, act: (world: World) => void | Promise<void>) {
    this.#name = name;
    this.#act = act;
  }

  check(): boolean {
    return true;
  }

  async run(_model: Model, world: World): Promise<void> {
    await this.#act(world);
    if (world.hasFailed) throw new Error(`${this.#name} led to a discrepancy`);
  }

  toString(): string {
    return this.#name;
  }
}

const choice = fc.nat({ max: 99 });

/** Message sizes: a run with small limits exceeds them with few records. */
export interface Sizes {
  readonly mostRecords: number;
  readonly mostOfOneAddress: number;
  readonly mostHeavy: number;
  /** Maximum number of small messages sent at once. */
  readonly mostSingles: number;
}

function orders({ mostRecords, mostOfOneAddress, mostHeavy }: Sizes): fc.Arbitrary<BodyOrder> {
  const most: Readonly<Record<Shape, number>> = {
    single: 1,
    packed: mostRecords,
    rich: mostRecords,
    scan: mostRecords,
    one_address: mostOfOneAddress,
    heavy: mostHeavy,
    accused: 20,
    invalid: Math.min(mostRecords, 120),
    rubbish: 200,
  };
  const shapes: readonly Shape[] = [...SHAPES, 'packed', 'packed', 'packed', 'one_address'];
  return fc.constantFrom(...shapes).chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      records: fc.integer({ min: 1, max: most[shape] }),
      seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    }),
  );
}

const settings: fc.Arbitrary<Partial<Settings>> = fc.record(
  {
    mode: fc.constantFrom('legacy', 'parallel', 'consensus'),
    consensusPercent: fc.constantFrom(0, 25, 50, 100),
    maliciousThreshold: fc.constantFrom(0.3, 0.7, 0.9),
    uncertaintyThreshold: fc.constantFrom(0.05, 0.25),
    minScorers: fc.constantFrom(2, 3),
  },
  { requiredKeys: ['mode'] },
);

const intelligence: fc.Arbitrary<Intelligence> = fc.record({
  speed: fc.constantFrom('none', 'fast', 'late', 'late'),
  edition: fc.nat({ max: 9 }),
});

/** All commands, with their frequencies in a run. */
export function commands(sizes: Sizes, maxCommands: number): fc.Arbitrary<Iterable<WorldCommand>> {
  const send = fc.array(orders(sizes), { minLength: 1, maxLength: 4 }).map(
    (list) =>
      new Step(`send(${list.map(describe).join(', ')})`, (world) => {
        for (const order of list) world.send(order);
      }),
  );
  const shower = fc
    .record({
      messages: fc.integer({ min: 2, max: sizes.mostSingles }),
      records: fc.constantFrom(1, 1, 1, 2, 20),
      seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    })
    .map(
      ({ messages, records, seed }) =>
        new Step(`sendSmall(${messages} of ${records} #${seed})`, (world) => {
          for (let n = 0; n < messages; n++) {
            const shape =
              records === 1 ? 'single' : n % 7 === 0 ? 'invalid' : n % 3 === 0 ? 'packed' : 'rich';
            world.send({ shape, records, seed: seed + n });
          }
        }),
    );
  const again = choice.map((n) => new Step(`sendAgain(${n})`, (world) => world.sendAgain(n)));
  const receive = fc
    .oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: sizes.mostSingles * 2 }))
    .map((count) => new Step(`receive(${count})`, (world) => world.receive(count)));
  const run = fc
    .oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 40 }))
    .map((events) => new Step(`run(${events})`, (world) => world.run(events)));
  const overlap = fc
    .tuple(choice, fc.boolean())
    .map(([n, second]) => new Step(`overlap(${n}, ${second})`, (world) => world.overlap(n, second)));
  const repeat = fc
    .tuple(choice, fc.boolean())
    .map(([n, second]) => new Step(`repeat(${n}, ${second})`, (world) => world.repeat(n, second)));
  const kill = choice.map((n) => new Step(`kill(${n})`, (world) => world.kill(n)));
  const freeze = choice.map((n) => new Step(`freeze(${n})`, (world) => world.freeze(n)));
  const thaw = fc.constant(new Step('thaw()', (world) => world.thaw()));
  const change = settings.map(
    (to) => new Step(`changeSettings(${JSON.stringify(to)})`, (world) => world.changeSettings(to)),
  );
  const reset = fc.constant(new Step('resetSettings()', (world) => world.resetSettings()));
  const code = choice.map((n) => new Step(`changeCode(${n})`, (world) => world.changeCode(n)));
  const know = intelligence.map(
    (to) => new Step(`changeIntelligence(${JSON.stringify(to)})`, (world) => world.changeIntelligence(to)),
  );
  const weather = fc
    .constantFrom<WeatherName>(
      'calm',
      'storm',
      'storm',
      'throttling',
      'lossy',
      'late',
      'table_down',
      'queue_down',
    )
    .map((name) => new Step(`weather(${name})`, (world) => world.changeWeather(WEATHERS[name])));
  const foreign = choice.map((n) => new Step(`foreign(${n})`, (world) => world.addForeignItems(n)));
  const poison = orders({ ...sizes, mostRecords: 20, mostOfOneAddress: 20, mostHeavy: 2 }).map(
    (order) => new Step(`sendPoison(${describe(order)})`, (world) => world.sendPoison(order)),
  );
  const insist = fc
    .tuple(
      fc.integer({ min: 2, max: 7 }),
      fc.integer({ min: 2, max: sizes.mostSingles }),
      fc.constantFrom<WeatherName>('calm', 'calm', 'throttling', 'storm'),
    )
    .map(
      ([deliveries, count, name]) =>
        new Step(`insist(${deliveries}, ${count}, ${name})`, (world) =>
          world.insist(deliveries, count, WEATHERS[name]),
        ),
    );
  const outage = fc
    .record({
      deliveries: fc.integer({ min: 6, max: 8 }),
      count: fc.integer({ min: 2, max: 10 }),
      records: fc.integer({ min: 5, max: 40 }),
      seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      isKilling: fc.boolean(),
    })
    .map(
      ({ deliveries, count, isKilling, ...order }) =>
        new Step(
          `outage(${deliveries}, ${count}, ${isKilling ? 'killing ' : ''}${order.records} #${order.seed})`,
          async (world) => {
            // Commands that need the queues: entries to reject, or a message to give up.
            if (isKilling) world.sendPoison({ shape: 'rich', ...order });
            else world.send({ shape: 'invalid', ...order });
            await world.insist(deliveries, count, WEATHERS.queue_down);
          },
        ),
    );
  const meet = fc.tuple(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 0, max: 2 ** 31 - 9 })).map(
    ([executions, seed]) =>
      new Step(`meet(${executions} #${seed})`, async (world) => {
        world.meet(executions, seed);
        await world.run(30);
      }),
  );
  const settle = fc.constant(new Step('settle()', (world) => world.settle()));

  const often = [send, shower, receive, receive, receive, run, run, run];
  const sometimes = [overlap, overlap, kill, kill, kill, change, know, weather, code];
  const seldom = [
    again,
    poison,
    poison,
    insist,
    outage,
    meet,
    meet,
    repeat,
    freeze,
    thaw,
    foreign,
    settle,
    reset,
  ];
  return fc.commands([...often, ...often, ...often, ...sometimes, ...sometimes, ...seldom], {
    maxCommands,
    size: 'max',
  }) as fc.Arbitrary<Iterable<WorldCommand>>;
}

function describe({ shape, records, seed }: BodyOrder): string {
  return `${shape} ${records} #${seed}`;
}
