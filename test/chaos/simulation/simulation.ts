import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { pick, type Random } from '../../bench/random.ts';
import { connectionLost, type Disturbed, disturb } from './disturb.ts';
import type { AwsServices, WireAnswer, WireRequest } from './service.ts';
import { CALM, drawFault, type Fault, type Weather } from './weather.ts';

/** A simulated execution of the function: what it is waiting for, and whether it is still running. */
export class Execution {
  /** Stopped, while time continues. */
  isFrozen = false;
  /** Requests and waits whose end has not been reported to it. */
  waitsFor = 0;
}

/** Shared by all simulations, so that leftovers of an earlier one are not mistaken for a reader of the next. */
const CONTEXT = new AsyncLocalStorage<Execution>();

interface Pending {
  readonly execution: Execution;
  readonly request: WireRequest;
  /** When its client gives up. */
  readonly expiresAtMs: number;
  readonly resolve: (answer: WireAnswer) => void;
  readonly reject: (error: unknown) => void;
  /** Undefined until it has arrived; then what its client will receive, or `silence`. */
  end: Disturbed['end'] | undefined;
}

interface Sleeper {
  readonly execution: Execution;
  readonly atMs: number;
  readonly resolve: () => void;
}

/** The next event: one at a time, chosen at random. */
type Event = () => void | Promise<void>;

/** Default timeout of a request. */
const REQUEST_TIMEOUT_MS = 3_000;
/** Maximum turns of the event loop for an execution to reach its next wait. */
const MOST_TURNS = 100_000;
/** Probability that an in-flight request of a killed execution still arrives. */
const ON_THE_WIRE = 0.5;

/**
 * Runs executions of the function concurrently, one event at a time: a request arrives at its service, an answer
 * arrives at its client, a wait ends, a request arrives late. The random numbers alone decide which one, and what goes
 * wrong. Between two events every execution runs until its next wait.
 */
export class Simulation {
  readonly random: Random;
  weather: Weather = CALM;
  nowMs: number;
  /** Faults so far, by kind. */
  readonly faults = new Map<Fault, number>();
  lateArrivals = 0;
  events = 0;
  /** Called for each request that arrives after its client has given up. */
  onLate: (request: WireRequest) => void = () => {};
  readonly #services: AwsServices;
  readonly #executions = new Set<Execution>();
  readonly #pending = new Set<Pending>();
  readonly #sleepers = new Set<Sleeper>();
  readonly #expiry = new WeakMap<AbortSignal, number>();
  readonly #trace = createHash('sha256');
  #late: WireRequest[] = [];

  constructor(options: { readonly random: Random; readonly services: AwsServices; readonly nowMs: number }) {
    this.random = options.random;
    this.#services = options.services;
    this.nowMs = options.nowMs;
  }

  /** A hash of everything that happened: two runs with one seed must have the same. */
  get trace(): string {
    return this.#trace.copy().digest('base64url').slice(0, 16);
  }

  get late(): number {
    return this.#late.length;
  }

  /** Begins an execution; it continues whenever events happen. */
  start(work: () => Promise<void>): Execution {
    const execution = new Execution();
    this.#executions.add(execution);
    const begin = async () => {
      await Promise.resolve();
      await work();
    };
    void CONTEXT.run(execution, begin).finally(() => {
      this.#executions.delete(execution);
    });
    return execution;
  }

  /** Ends an execution like SIGKILL: it has no further effect, except for requests in flight. */
  kill(execution: Execution): void {
    this.#executions.delete(execution);
    for (const pending of this.#pending) {
      if (pending.execution !== execution) continue;
      this.#pending.delete(pending);
      if (pending.end === undefined && this.random() < ON_THE_WIRE) this.#late.push(pending.request);
    }
    for (const sleeper of this.#sleepers) if (sleeper.execution === execution) this.#sleepers.delete(sleeper);
  }

  /** A request of the product; one from a reader outside any execution is answered at once. */
  async request(request: WireRequest, signal: AbortSignal | undefined): Promise<WireAnswer> {
    const execution = CONTEXT.getStore();
    if (execution === undefined) return await this.#services.apply(request);
    return await new Promise((resolve, reject) => {
      if (!this.#executions.has(execution)) return;
      const expiresAtMs = (signal && this.#expiry.get(signal)) ?? this.nowMs + REQUEST_TIMEOUT_MS;
      execution.waitsFor++;
      this.#pending.add({ execution, request, expiresAtMs, resolve, reject, end: undefined });
    });
  }

  async sleep(milliseconds: number): Promise<void> {
    const execution = CONTEXT.getStore();
    if (execution === undefined) return;
    await new Promise<void>((resolve) => {
      if (!this.#executions.has(execution)) return;
      execution.waitsFor++;
      this.#sleepers.add({ execution, atMs: this.nowMs + milliseconds, resolve });
    });
  }

  timeout(milliseconds: number): AbortSignal {
    const { signal } = new AbortController();
    this.#expiry.set(signal, this.nowMs + milliseconds);
    return signal;
  }

  /** Lets one event happen. @returns false if there is none */
  async step(): Promise<boolean> {
    await this.#settle();
    const event = this.#chooseEvent();
    if (event === undefined) return false;
    this.events++;
    this.nowMs += this.random() < 0.3 ? 1 : 0;
    await event();
    await this.#settle();
    return true;
  }

  /** Lets everything arrive that was sent and given up. */
  async arriveLate(): Promise<void> {
    while (this.#late.length > 0) await this.#arriveLate();
  }

  #chooseEvent(): Event | undefined {
    const events: Event[] = [];
    for (const pending of this.#pending) {
      if (pending.execution.isFrozen || pending.end === 'silence') continue;
      events.push(pending.end === undefined ? () => this.#arrive(pending) : () => this.#answer(pending));
    }
    if (this.#late.length > 0 && this.random() < 0.1) events.push(() => this.#arriveLate());
    const timer = this.#nextTimer();
    if (timer !== undefined && (events.length === 0 || this.random() < 0.05)) return timer;
    return events.length === 0 ? undefined : pick(events, this.random);
  }

  #nextTimer(): Event | undefined {
    let first: { readonly atMs: number; readonly event: Event } | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.execution.isFrozen || sleeper.atMs >= (first?.atMs ?? Number.POSITIVE_INFINITY)) continue;
      first = { atMs: sleeper.atMs, event: () => this.#wake(sleeper) };
    }
    for (const pending of this.#pending) {
      if (pending.execution.isFrozen || pending.end !== 'silence') continue;
      if (pending.expiresAtMs >= (first?.atMs ?? Number.POSITIVE_INFINITY)) continue;
      first = { atMs: pending.expiresAtMs, event: () => this.#expire(pending) };
    }
    if (first === undefined) return undefined;
    const { atMs, event } = first;
    return () => {
      this.nowMs = Math.max(this.nowMs, atMs);
      return event();
    };
  }

  async #arrive(pending: Pending): Promise<void> {
    const { request } = pending;
    const shares = request.isTable ? this.weather.table : this.weather.queue;
    const fault = drawFault(shares, this.random);
    this.#note(`${request.operation} ${fault ?? ''}`);
    if (fault === undefined) {
      pending.end = await this.#services.apply(request);
      return;
    }
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
    const { end, isLate } = await disturb(request, fault, this.#services, this.random);
    pending.end = end;
    if (isLate) this.#late.push(request);
  }

  #answer(pending: Pending): void {
    const { end } = pending;
    this.#finish(pending);
    if (end === 'connection_lost') pending.reject(connectionLost());
    else if (end !== undefined && end !== 'silence') pending.resolve(end);
  }

  #expire(pending: Pending): void {
    this.#note('given up');
    this.#finish(pending);
    pending.reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
  }

  #finish(pending: Pending): void {
    this.#pending.delete(pending);
    pending.execution.waitsFor--;
  }

  #wake(sleeper: Sleeper): void {
    this.#sleepers.delete(sleeper);
    sleeper.execution.waitsFor--;
    sleeper.resolve();
  }

  async #arriveLate(): Promise<void> {
    const request = pick(this.#late, this.random);
    this.#late = this.#late.filter((other) => other !== request);
    this.lateArrivals++;
    this.#note(`late ${request.operation}`);
    this.onLate(request);
    await this.#services.apply(request);
  }

  /** Runs the executions until each is waiting or has ended. */
  async #settle(): Promise<void> {
    for (let turns = 0; turns < MOST_TURNS; turns++) {
      await new Promise(setImmediate);
      if (![...this.#executions].some((execution) => execution.waitsFor === 0)) return;
    }
    throw new Error('an execution waits for something that the simulation does not know');
  }

  #note(text: string): void {
    this.#trace.update(`${this.nowMs} ${text}\n`);
  }
}
