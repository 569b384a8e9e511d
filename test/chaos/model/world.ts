import { chunksOf } from '../../../lib/aws/chunks.ts';
import type { Settings } from '../../../lib/cutover/settings.ts';
import type { SettingsInForce } from '../../../lib/cutover/settings-reader.ts';
import { pick, type Random, seededRandom } from '../../bench/random.ts';
import { messagesInSummaries } from '../audit/late-summaries.ts';
import { watchTable } from '../audit/watch-table.ts';
import type { ProductModule } from '../product/build-product.ts';
import type { CodeVersion } from '../product/code-version.ts';
import { type Circumstances, type Delivered, deliver, messageOfReceipt } from '../product/deliver.ts';
import type { Intelligence } from '../product/intelligence.ts';
import type { Clients } from '../simulation/clients.ts';
import type { OpenServices, RunServices } from '../simulation/service.ts';
import { type Execution, Simulation } from '../simulation/simulation.ts';
import { CALM, type Weather } from '../simulation/weather.ts';
import { type BodyOrder, makeBody } from '../workload/bodies.ts';
import { addressPool } from '../workload/records.ts';
import { Books, isCharged, type QueuedMessage, type Readers, SUSPECT_RECEIVES } from './books.ts';
import { foreignItems } from './foreign-items.ts';
import { noFigures } from './world-figures.ts';

interface Flight {
  readonly execution: Execution;
  readonly messages: readonly QueuedMessage[];
  readonly receiveCounts: ReadonlyMap<QueuedMessage, number>;
  readonly beganAtMs: number;
  /** Nothing has failed in it so far. */
  isCalm: boolean;
  /** Messages on which work has begun. */
  readonly read: Set<QueuedMessage>;
}

export interface WorldOptions {
  readonly seed: number;
  /** The first one does the final read. */
  readonly versions: readonly CodeVersion[];
  readonly clients: Clients;
  readonly openServices: OpenServices;
}

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 8, 21, 12);
const ADDRESSES = 24;
/** As configured for the deployed work queue. */
const VISIBILITY_MS = 180_000;
/** About forty messages a minute. */
const SENT_EVERY_MS = 1_500;
/** Batch size at the end, when nothing fails any more. */
const FINAL_BATCH = 2_000;
/** Maximum number of concurrent executions. */
const MOST_FLIGHTS = 5;
/** Rounds within which everything must be acknowledged once nothing fails any more. */
const MOST_FINAL_ROUNDS = 20;
/** An execution younger than this is not under time pressure. */
const CALM_MS = 15_000;
/** Share of events followed by an audit. */
const SPOT_CHECKS = 0.02;
/** Share of audits that include the readers. */
const READER_CHECKS = 0.2;

/**
 * The queue, the table and the executions of one run, with the expected results. Commands change it; `run` lets events
 * happen in between.
 */
export class World {
  readonly figures = noFigures();
  readonly books = new Books();
  readonly simulation: Simulation;
  readonly #random: Random;
  readonly #clients: Clients;
  readonly #versions: readonly CodeVersion[];
  readonly #services: RunServices;
  readonly #addresses: readonly string[];
  readonly #poison = new Set<string>();
  readonly #everPoison = new Set<string>();
  #flights: Flight[] = [];
  readonly #reader: ProductModule;
  #settings: SettingsInForce;
  #version: CodeVersion;
  #intelligence: Intelligence = { speed: 'none', edition: 0 };

  private constructor(options: WorldOptions, services: RunServices) {
    this.#random = seededRandom(options.seed);
    this.#services = services;
    this.#versions = options.versions;
    this.#clients = options.clients;
    const [first] = options.versions;
    if (first === undefined) throw new RangeError('a world needs a version of the code');
    this.#reader = first.product;
    this.#version = pick(options.versions, this.#random);
    this.#settings = this.#initialSettings();
    this.#addresses = addressPool(ADDRESSES, this.#random);
    this.simulation = new Simulation({
      random: this.#random,
      services: watchTable(services, this.books),
      nowMs: START_MS,
    });
    this.simulation.onLate = (request) => {
      for (const id of messagesInSummaries(request)) this.books.noteCountedAgain(id);
    };
  }

  static async open(options: WorldOptions): Promise<World> {
    const services = await options.openServices({
      onRejected: (entry) => world.books.addRejection(entry),
      onDeadLetter: (entry) => {
        world.books.addDeadLetter(entry, ({ unit }) => world.#everPoison.has(unit));
      },
      onDeleted: (handle) => world.books.acknowledge(messageOfReceipt(handle)),
    });
    const world = new World(options, services);
    return world;
  }

  async close(): Promise<void> {
    await this.#services.close();
  }

  get hasFailed(): boolean {
    return this.books.discrepancies.total > 0;
  }

  send(order: BodyOrder): void {
    this.books.enqueue(makeBody(order, this.#addresses), this.#nextSentAtMs());
  }

  /** Sends a message that kills every process working on it, until the run's end. */
  sendPoison(order: BodyOrder): void {
    const body = makeBody(order, this.#addresses);
    this.#poison.add(body.unit);
    this.#everPoison.add(body.unit);
    this.books.enqueue(body, this.#nextSentAtMs());
  }

  /** Sends an earlier body again under another message id: a twin, or a redriven dead letter. */
  sendAgain(choice: number): void {
    const body = at(this.books.bodies, choice);
    if (body === undefined) return;
    this.figures.redrives++;
    if (this.books.redrive(this.#nextSentAtMs(), 3) > 0) return;
    this.books.enqueue(body, this.#nextSentAtMs());
  }

  /** Begins an execution with up to `count` waiting messages. */
  receive(count: number): void {
    const waiting = this.books.waiting();
    if (waiting.length === 0 || this.#flights.length >= MOST_FLIGHTS) return;
    const start = Math.floor(this.#random() * Math.max(1, waiting.length - count + 1));
    this.#begin(waiting.slice(start, start + count));
  }

  /** Makes several executions see at the same time that a new address is malicious. */
  meet(executions: number, seed: number): void {
    this.changeSettings({ mode: 'consensus' });
    const address = addressPool(1, seededRandom(seed));
    for (let n = 0; n < executions && this.#flights.length < MOST_FLIGHTS; n++) {
      const body = makeBody({ shape: 'accused', records: 2, seed: seed + n }, address);
      this.#begin([this.books.enqueue(body, this.#nextSentAtMs())]);
    }
  }

  /**
   * Begins another delivery of a message that is being processed: its visibility timeout has expired, or SQS has a
   * second copy.
   */
  overlap(choice: number, isSecondCopy: boolean): void {
    const inFlight = this.#flights.flatMap(({ messages }) => messages);
    const queued = at(inFlight, choice);
    if (queued === undefined || this.#flights.length >= MOST_FLIGHTS) return;
    this.figures.overlaps++;
    this.#begin([queued], !isSecondCopy);
  }

  /**
   * Delivers an acknowledged message again: SQS lost the deletion, or has a second copy with the same receive count.
   */
  repeat(choice: number, isSecondCopy: boolean): void {
    const queued = at(
      this.books.queued.filter(({ isAcknowledged }) => isAcknowledged),
      choice,
    );
    if (queued === undefined || this.#flights.length >= MOST_FLIGHTS) return;
    this.figures.overlaps++;
    this.#begin([queued], !isSecondCopy);
  }

  /** Kills an execution at any point; its messages are delivered again. */
  async kill(choice: number): Promise<void> {
    const flight = at(this.#flights, choice);
    if (flight === undefined) return;
    this.figures.kills++;
    this.simulation.kill(flight.execution);
    flight.isCalm = false;
    this.#end(flight, undefined);
    await this.#auditTable();
  }

  freeze(choice: number): void {
    const flight = at(this.#flights, choice);
    if (flight === undefined) return;
    this.figures.freezes++;
    flight.execution.isFrozen = true;
    flight.isCalm = false;
  }

  thaw(): void {
    for (const { execution } of this.#flights) execution.isFrozen = false;
  }

  changeSettings(settings: Partial<Settings>): void {
    this.figures.settingsChanges++;
    const { DEFAULT_SETTINGS } = this.#version.product;
    const { origin } = this.#settings;
    const version = origin.source === 'operator' ? origin.version + 1 : 1;
    this.#settings = {
      settings: { ...DEFAULT_SETTINGS, ...settings },
      origin: { source: 'operator', version, changedAtMs: this.simulation.nowMs },
      unknownKeys: [],
    };
  }

  /** Returns to the initial settings; the operator's next settings begin at version 1 again. */
  resetSettings(): void {
    this.figures.settingsChanges++;
    this.#settings = this.#initialSettings();
  }

  #initialSettings(): SettingsInForce {
    return {
      settings: this.#version.product.DEFAULT_SETTINGS,
      origin: { source: 'initial', version: 1, changedAtMs: START_MS },
      unknownKeys: [],
    };
  }

  changeCode(choice: number): void {
    this.figures.codeChanges++;
    this.#version = at(this.#versions, choice) ?? this.#version;
  }

  changeIntelligence(intelligence: Intelligence): void {
    this.#intelligence = intelligence;
  }

  changeWeather(weather: Weather): void {
    this.simulation.weather = weather;
    for (const flight of this.#flights) flight.isCalm = false;
  }

  /** Puts items into the table that this version of the code does not know. */
  async addForeignItems(choice: number): Promise<void> {
    const body = at(this.books.bodies, choice);
    if (body === undefined) return;
    for (const item of foreignItems(body, this.simulation.nowMs)) await this.#services.put(item);
  }

  /** Lets a number of events happen. */
  async run(events: number): Promise<void> {
    for (let n = 0; n < events; n++) {
      if (!(await this.simulation.step())) break;
      if (this.#random() < SPOT_CHECKS) await this.#auditTable();
      if (this.hasFailed) return;
    }
  }

  /** Lets everything in progress finish, then audits. */
  async settle(): Promise<void> {
    this.thaw();
    while (this.#flights.length > 0 && !this.hasFailed) {
      if (!(await this.simulation.step())) break;
    }
    await this.#auditTable();
    this.books.auditRejections();
    if (this.#random() < READER_CHECKS) {
      await this.books.auditReaders(await this.#services.items(), this.#readers());
    }
  }

  /** Delivers everything that is waiting, as often as the visibility timeout allows in the given time. */
  async deliverFor(milliseconds: number, messagesAtOnce: number): Promise<void> {
    const endsAtMs = this.simulation.nowMs + milliseconds;
    while (this.simulation.nowMs < endsAtMs && !this.hasFailed) {
      const againAtMs = this.simulation.nowMs + VISIBILITY_MS;
      for (const batch of chunksOf(this.books.waiting(), messagesAtOnce)) {
        this.#begin(batch);
        await this.settle();
      }
      this.simulation.nowMs = Math.max(this.simulation.nowMs, againAtMs);
    }
  }

  /** Delivers waiting messages several times, few or many at a time, as SQS does with failing ones. */
  async insist(deliveries: number, messagesAtOnce: number, weather: Weather): Promise<void> {
    this.changeWeather(weather);
    await this.settle();
    await this.deliverFor(deliveries * VISIBILITY_MS, messagesAtOnce);
  }

  /** Stops all faults, delivers everything until it is acknowledged, and audits everything. */
  async finish(): Promise<void> {
    this.changeWeather(CALM);
    this.#poison.clear();
    await this.settle();
    for (let round = 0; round < MOST_FINAL_ROUNDS && !this.hasFailed; round++) {
      const waiting = this.books.waiting();
      this.books.redrive(this.#nextSentAtMs());
      if (waiting.length === 0 && this.books.waiting().length === 0) break;
      if (waiting.length > 0) this.#begin(waiting.slice(0, FINAL_BATCH));
      await this.settle();
    }
    await this.simulation.arriveLate();
    if (this.hasFailed) return;
    await this.books.auditEnd(await this.#services.items(), this.#readers());
  }

  #readers(): Readers {
    const { nowMs } = this.simulation;
    return {
      product: this.#reader,
      table: { client: this.#clients.dynamodb, tableName: this.#services.tableName },
      range: { fromMs: START_MS - 1, toMs: nowMs + DAY_MS, nowMs },
    };
  }

  /** Every message comes a little later than the one before, so a batch has messages of one minute or two. */
  #nextSentAtMs(): number {
    return this.simulation.nowMs + this.books.messages * SENT_EVERY_MS;
  }

  #begin(messages: readonly QueuedMessage[], received = true): void {
    const receiveCounts = this.books.takeOff(messages, received);
    const delivered = [...receiveCounts].map(([queued, receiveCount]): Delivered => {
      const { message } = queued;
      return { message, receiveCount, onRead: () => this.#noteRead(flight, queued, receiveCount) };
    });
    const circumstances: Circumstances = {
      version: this.#version,
      settings: this.#settings,
      intelligence: this.#intelligence,
      tableName: this.#services.tableName,
    };
    this.figures.deliveries++;
    for (const { message } of messages) this.figures.deliveredRecords += message.body.records;
    const work = async () => {
      try {
        const answer = await deliver(delivered, circumstances, this.simulation, this.#clients);
        for (const defect of answer.defects) this.books.discrepancies.add('a defect was found', defect);
        this.#end(flight, answer.failed);
      } catch (error) {
        this.books.discrepancies.add(
          'the function threw',
          error instanceof Error ? (error.stack ?? '') : String(error),
        );
        this.#end(flight, undefined);
      }
    };
    const flight: Flight = {
      execution: this.simulation.start(work),
      messages,
      receiveCounts,
      beganAtMs: this.simulation.nowMs,
      isCalm: this.simulation.weather === CALM,
      read: new Set(),
    };
    this.#flights.push(flight);
  }

  /**
   * A message that kills the process does so when work on it begins. From its third delivery on a message may be one:
   * everything processed earlier must have been deleted by then unless something failed, except for other such
   * messages. If work on it never ended in its last delivery, it must be alone.
   */
  #noteRead(flight: Flight, queued: QueuedMessage, receiveCount: number): void {
    // A killed execution continues until its next wait, but has no further effect.
    if (!this.#flights.includes(flight)) return;
    const isEarly = this.simulation.nowMs - flight.beganAtMs < CALM_MS;
    if (receiveCount >= SUSPECT_RECEIVES && flight.isCalm && isEarly) {
      for (const other of flight.messages) {
        const isSuspect = other.receiveCount >= SUSPECT_RECEIVES;
        const isBefore = flight.read.has(other) || !isSuspect;
        if (other === queued || !isBefore || other.isAcknowledged) continue;
        if (isSuspect && !isCharged(queued) && !isCharged(other)) continue;
        const told = `${queued.message.id}, with ${other.message.id}`;
        this.books.discrepancies.add('a suspect takes a neighbour along', told);
      }
    }
    flight.read.add(queued);
    if (!this.#poison.has(queued.message.body.unit)) return;
    this.figures.kills++;
    this.simulation.kill(flight.execution);
    this.#end(flight, undefined);
  }

  /** @param answer ids of the messages to be delivered again; undefined if there was no answer */
  #end(flight: Flight, answer: ReadonlySet<string> | undefined): void {
    if (!this.#flights.includes(flight)) return;
    this.#flights = this.#flights.filter((other) => other !== flight);
    this.books.land(flight.receiveCounts, answer, flight.read, !flight.isCalm);
  }

  async #auditTable(): Promise<void> {
    this.books.auditTable(await this.#services.items());
  }
}

function at<Element>(elements: readonly Element[], choice: number): Element | undefined {
  return elements[choice % elements.length];
}
