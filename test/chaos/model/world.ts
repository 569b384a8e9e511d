import type { Settings } from '../../../lib/cutover/settings.ts';
import type { SettingsInForce } from '../../../lib/cutover/settings-reader.ts';
import { pick, type Random, seededRandom } from '../../bench/random.ts';
import { auditReaders } from '../audit/audit-readers.ts';
import { auditRejectedPlaces, auditRejections, RejectionLedger } from '../audit/audit-rejections.ts';
import {
  auditItems,
  auditUnit,
  type Expectation,
  readUnits,
  type UnitReading,
} from '../audit/audit-table.ts';
import { Discrepancies } from '../audit/discrepancies.ts';
import type { WireItem } from '../audit/stored-form.ts';
import type { CodeVersion } from '../product/code-version.ts';
import { type Circumstances, type Delivered, deliver } from '../product/deliver.ts';
import type { Intelligence } from '../product/intelligence.ts';
import type { Clients } from '../simulation/clients.ts';
import type { OpenServices, RunServices } from '../simulation/service.ts';
import { type Execution, Simulation } from '../simulation/simulation.ts';
import { CALM, type Weather } from '../simulation/weather.ts';
import { type BodyOrder, makeBody } from '../workload/bodies.ts';
import { addressPool } from '../workload/records.ts';
import type { SentBody, SentMessage } from '../workload/sent-message.ts';
import { foreignItems } from './foreign-items.ts';

/** A message in its queue. */
interface QueuedMessage {
  readonly message: SentMessage;
  receiveCount: number;
  /** Deliveries under way. */
  flights: number;
  isAcknowledged: boolean;
  /** Received too often: it waits in the dead-letter queue. */
  isDead: boolean;
}

interface Flight {
  readonly execution: Execution;
  readonly messages: readonly QueuedMessage[];
}

export interface WorldOptions {
  readonly seed: number;
  /** The first of them reads in the end. */
  readonly versions: readonly CodeVersion[];
  readonly clients: Clients;
  readonly openServices: OpenServices;
}

/** What happened, in numbers. */
export interface WorldFigures {
  records: number;
  messages: number;
  deliveries: number;
  deliveredRecords: number;
  overlaps: number;
  kills: number;
  freezes: number;
  settingsChanges: number;
  codeChanges: number;
  redrives: number;
  audits: number;
}

const START_MS = Date.UTC(2026, 8, 21, 12);
const ADDRESSES = 24;
/** As the work queue is deployed. */
const MOST_RECEIVES = 5;
/** Executions side by side. */
const MOST_FLIGHTS = 5;
/** Rounds in which everything must be acknowledged once nothing fails any more. */
const MOST_FINAL_ROUNDS = 20;
/** Audits amid everything else, as a share of the events. */
const SPOT_CHECKS = 0.02;

/**
 * The queue, the table and the executions of one run, with what must come of them. Commands change it; between them
 * `run` lets events happen.
 */
export class World {
  readonly figures: WorldFigures = {
    records: 0,
    messages: 0,
    deliveries: 0,
    deliveredRecords: 0,
    overlaps: 0,
    kills: 0,
    freezes: 0,
    settingsChanges: 0,
    codeChanges: 0,
    redrives: 0,
    audits: 0,
  };
  readonly discrepancies = new Discrepancies();
  readonly simulation: Simulation;
  readonly #random: Random;
  readonly #clients: Clients;
  readonly #versions: readonly CodeVersion[];
  readonly #services: RunServices;
  readonly #addresses: readonly string[];
  readonly #queue = new Map<string, QueuedMessage>();
  readonly #bodies = new Map<string, SentBody>();
  readonly #senders = new Map<string, Set<string>>();
  readonly #acknowledged = new Set<string>();
  readonly #ledger = new RejectionLedger();
  readonly #audited = new WeakSet<WireItem>();
  /** Units of which something was acknowledged since they were last audited. */
  readonly #dirty = new Set<string>();
  #lastReadings: ReadonlyMap<string, UnitReading> = new Map();
  #flights: Flight[] = [];
  #settings: SettingsInForce;
  #version: CodeVersion;
  #intelligence: Intelligence = { speed: 'none', edition: 0 };

  private constructor(options: WorldOptions, services: RunServices) {
    this.#random = seededRandom(options.seed);
    this.#services = services;
    this.#versions = options.versions;
    this.#clients = options.clients;
    this.#version = pick(options.versions, this.#random);
    this.#settings = { settings: this.#version.product.DEFAULT_SETTINGS, version: 1, unknownKeys: [] };
    this.#addresses = addressPool(ADDRESSES, this.#random);
    this.simulation = new Simulation({ random: this.#random, services, nowMs: START_MS });
  }

  static async open(options: WorldOptions): Promise<World> {
    const services = await options.openServices({
      onRejected: (entry) => world.#ledger.add(entry),
      onDeleted: (receiptHandle) => world.#acknowledge(receiptHandle.split('/')[0] ?? ''),
    });
    const world = new World(options, services);
    return world;
  }

  async close(): Promise<void> {
    await this.#services.close();
  }

  get hasFailed(): boolean {
    return this.discrepancies.total > 0;
  }

  send(order: BodyOrder): void {
    this.#enqueue(makeBody(order, this.#addresses));
  }

  /** Sends a body again that was sent before, under another message id: a twin, or the dead-letter queue redriven. */
  sendAgain(choice: number): void {
    const dead = [...this.#queue.values()].filter(({ isDead }) => isDead);
    const body = dead.length > 0 ? at(dead, choice)?.message.body : at([...this.#bodies.values()], choice);
    for (const entry of dead) if (entry.message.body === body) this.#queue.delete(entry.message.id);
    if (body === undefined) return;
    this.figures.redrives++;
    this.#enqueue(body);
  }

  /** Begins an execution with up to `count` of the messages that wait. */
  receive(count: number): void {
    const waiting = this.#waiting();
    if (waiting.length === 0 || this.#flights.length >= MOST_FLIGHTS) return;
    const start = Math.floor(this.#random() * Math.max(1, waiting.length - count + 1));
    this.#begin(waiting.slice(start, start + count), 1);
  }

  /** Begins another delivery of a message that one has already: its visibility timeout is over, or SQS has a second copy. */
  overlap(choice: number, isSecondCopy: boolean): void {
    const inFlight = this.#flights.flatMap(({ messages }) => messages);
    const queued = at(inFlight, choice);
    if (queued === undefined || this.#flights.length >= MOST_FLIGHTS) return;
    this.figures.overlaps++;
    this.#begin([queued], isSecondCopy ? 0 : 1);
  }

  /** Delivers a message once more that is acknowledged, as SQS does once in a while. */
  repeat(choice: number): void {
    const queued = at(
      [...this.#queue.values()].filter(({ isAcknowledged }) => isAcknowledged),
      choice,
    );
    if (queued === undefined || this.#flights.length >= MOST_FLIGHTS) return;
    this.figures.overlaps++;
    this.#begin([queued], 1);
  }

  /** Ends an execution amid whatever it does; its messages come back. */
  kill(choice: number): void {
    const flight = at(this.#flights, choice);
    if (flight === undefined) return;
    this.figures.kills++;
    this.simulation.kill(flight.execution);
    this.#end(flight, new Set());
  }

  freeze(choice: number): void {
    const flight = at(this.#flights, choice);
    if (flight === undefined) return;
    this.figures.freezes++;
    flight.execution.isFrozen = true;
  }

  thaw(): void {
    for (const { execution } of this.#flights) execution.isFrozen = false;
  }

  changeSettings(settings: Partial<Settings>): void {
    this.figures.settingsChanges++;
    const { DEFAULT_SETTINGS } = this.#version.product;
    const version = this.#settings.version + 1;
    this.#settings = { settings: { ...DEFAULT_SETTINGS, ...settings }, version, unknownKeys: [] };
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
  }

  /** Puts items into the table that this version of the code does not know. */
  async addForeignItems(choice: number): Promise<void> {
    const body = at([...this.#bodies.values()], choice);
    if (body === undefined) return;
    for (const item of foreignItems(body, this.simulation.nowMs)) await this.#services.put(item);
  }

  /** Lets some events happen. */
  async run(events: number): Promise<void> {
    for (let n = 0; n < events; n++) {
      if (!(await this.simulation.step())) break;
      if (this.#random() < SPOT_CHECKS) await this.#auditTable();
      if (this.hasFailed) return;
    }
  }

  /** Lets everything happen that is under way, then audits. */
  async settle(): Promise<void> {
    this.thaw();
    while (this.#flights.length > 0 && !this.hasFailed) {
      if (!(await this.simulation.step())) break;
    }
    await this.#auditTable();
    this.#auditRejections();
  }

  /** Ends all faults, delivers everything that is not acknowledged until it is, and audits all there is. */
  async finish(): Promise<void> {
    this.changeWeather(CALM);
    await this.settle();
    for (let round = 0; round < MOST_FINAL_ROUNDS && !this.hasFailed; round++) {
      for (const [id, { isDead, message }] of this.#queue) {
        if (!isDead) continue;
        this.#queue.delete(id);
        this.#enqueue(message.body);
      }
      const waiting = this.#waiting();
      if (waiting.length === 0) break;
      this.#begin(waiting.slice(0, 10), 1);
      await this.settle();
    }
    await this.simulation.arriveLate();
    const open = this.#waiting();
    if (open.length > 0 && !this.hasFailed) {
      this.discrepancies.add('never acknowledged', open.map(({ message }) => message.id).join(' '));
    }
    for (const unit of this.#bodies.keys()) this.#dirty.add(unit);
    await this.#auditTable();
    this.#auditRejections();
    await this.#auditReaders();
  }

  #enqueue(body: SentBody): void {
    const message = {
      id: `message-${this.figures.messages++}`,
      body,
      sentAtMs: this.simulation.nowMs + this.figures.messages,
    };
    if (!this.#bodies.has(body.unit)) this.figures.records += body.records;
    this.#bodies.set(body.unit, body);
    const senders = this.#senders.get(body.unit) ?? new Set();
    this.#senders.set(body.unit, senders.add(message.id));
    this.#queue.set(message.id, {
      message,
      receiveCount: 0,
      flights: 0,
      isAcknowledged: false,
      isDead: false,
    });
  }

  /** Messages that SQS would hand out; those that it has handed out too often go to the dead-letter queue. */
  #waiting(): QueuedMessage[] {
    const waiting: QueuedMessage[] = [];
    for (const queued of this.#queue.values()) {
      if (queued.isAcknowledged || queued.isDead || queued.flights > 0) continue;
      if (queued.receiveCount >= MOST_RECEIVES) queued.isDead = true;
      else waiting.push(queued);
    }
    return waiting;
  }

  #begin(messages: readonly QueuedMessage[], further: number): void {
    for (const queued of messages) {
      queued.flights++;
      queued.receiveCount = Math.max(1, queued.receiveCount + further);
    }
    const delivered = messages.map(({ message, receiveCount }): Delivered => ({ message, receiveCount }));
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
        this.#end(flight, await deliver(delivered, circumstances, this.simulation, this.#clients));
      } catch (error) {
        this.discrepancies.add(
          'the function threw',
          error instanceof Error ? (error.stack ?? '') : String(error),
        );
        this.#end(flight, new Set(messages.map(({ message }) => message.id)));
      }
    };
    const flight: Flight = { execution: this.simulation.start(work), messages };
    this.#flights.push(flight);
  }

  /** @param failed ids of messages to be delivered again; a killed execution acknowledges none */
  #end(flight: Flight, failed: ReadonlySet<string>): void {
    this.#flights = this.#flights.filter((other) => other !== flight);
    for (const queued of flight.messages) {
      queued.flights--;
      if (!flight.execution.isKilled && !failed.has(queued.message.id)) this.#acknowledge(queued.message.id);
    }
  }

  #acknowledge(messageId: string): void {
    const queued = this.#queue.get(messageId);
    if (queued === undefined) return;
    queued.isAcknowledged = true;
    queued.isDead = false;
    this.#acknowledged.add(messageId);
    this.#dirty.add(queued.message.body.unit);
  }

  get #expected(): Expectation {
    return {
      bodies: this.#bodies,
      messagesOf: (unit) => this.#senders.get(unit) ?? new Set(),
      isAcknowledged: (unit) => !this.#acknowledged.isDisjointFrom(this.#senders.get(unit) ?? new Set()),
    };
  }

  async #auditTable(): Promise<void> {
    this.figures.audits++;
    const items = await this.#services.items();
    auditItems(items, this.#expected, this.discrepancies, this.#audited);
    const readings = readUnits(items, this.discrepancies);
    const expected = this.#expected;
    for (const [unit, reading] of readings) {
      if (isAsBefore(reading, this.#lastReadings.get(unit)) && !this.#dirty.has(unit)) continue;
      auditUnit(unit, reading, expected, this.discrepancies);
    }
    for (const unit of this.#dirty) {
      if (!readings.has(unit)) auditUnit(unit, undefined, expected, this.discrepancies);
    }
    this.#dirty.clear();
    this.#lastReadings = readings;
  }

  #auditRejections(): void {
    const messages = new Map([...this.#queue].map(([id, { message }]) => [id, message]));
    for (const id of this.#acknowledged) {
      const message = messages.get(id);
      if (message !== undefined) auditRejections(message, this.#ledger, this.discrepancies);
    }
    auditRejectedPlaces(this.#everSent, this.#ledger, this.discrepancies);
  }

  get #everSent(): ReadonlyMap<string, SentMessage> {
    const sent = new Map<string, SentMessage>();
    for (const [unit, ids] of this.#senders) {
      const body = this.#bodies.get(unit);
      for (const id of ids) if (body !== undefined) sent.set(id, { id, body, sentAtMs: 0 });
    }
    return sent;
  }

  async #auditReaders(): Promise<void> {
    const table = { client: this.#clients.dynamodb, tableName: this.#services.tableName };
    const readings = readUnits(await this.#services.items(), this.discrepancies);
    const range = {
      fromMs: START_MS - 1,
      toMs: this.simulation.nowMs + 86_400_000,
      nowMs: this.simulation.nowMs,
    };
    const [version] = this.#versions;
    if (version !== undefined)
      await auditReaders(version.product, table, range, readings, this.#expected, this.discrepancies);
  }
}

function at<Element>(elements: readonly Element[], choice: number): Element | undefined {
  return elements[choice % elements.length];
}

/** Items that were not written since are the objects they were. */
function isAsBefore(reading: UnitReading, before: UnitReading | undefined): boolean {
  if (before === undefined || reading.summary !== before.summary) return false;
  return (
    reading.items.length === before.items.length &&
    reading.items.every((item, index) => item === before.items[index])
  );
}
