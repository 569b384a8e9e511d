import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../bench/random.ts';
import { disturb } from '../simulation/disturb.ts';
import { type AwsServices, answerOf, type WireAnswer, type WireRequest } from '../simulation/service.ts';
import { CALM, drawFault, type Fault, type Weather } from '../simulation/weather.ts';

/** A request whose client has given up arrives after this time. */
const LATE_AFTER_MS = 1_500;
const MOST_LATENCY_MS = 15;

/** A parameter's value, as in Parameter Store's responses. */
interface StoredSettings {
  readonly Value: string;
  readonly Version: number;
  /** Epoch seconds. */
  readonly LastModifiedDate: number;
}

const INITIAL: StoredSettings = { Value: '{"mode":"legacy"}', Version: 1, LastModifiedDate: 1 };

/** Serves DynamoDB, SQS and SSM over HTTP for functions that run as processes, with faults and random latencies. */
export class AwsServer {
  weather: Weather = CALM;
  /** The operator's settings; undefined if the initial ones are in force. */
  settings: StoredSettings | undefined;
  readonly faults = new Map<Fault, number>();
  lateArrivals = 0;
  /** Called for each request that arrives after its client has given up. */
  onLate: (request: WireRequest) => void = () => {};
  requests = 0;
  readonly #services: AwsServices;
  readonly #random: Random;
  readonly #late = new Set<Promise<void>>();
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch(() => response.destroy());
  });

  private constructor(services: AwsServices, random: Random) {
    this.#services = services;
    this.#random = random;
  }

  static async start(services: AwsServices, random: Random): Promise<AwsServer> {
    const server = new AwsServer(services, random);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Waits for all late requests to arrive. */
  async arriveLate(): Promise<void> {
    while (this.#late.size > 0) await Promise.all(this.#late);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await text(incoming);
    const target = String(incoming.headers['x-amz-target']);
    const operation = target.replace(/^.*\./, '');
    this.requests++;
    await sleep(this.#random() * MOST_LATENCY_MS);
    if (target.startsWith('AmazonSSM')) return respond(outgoing, this.#parameters(body));
    const request: WireRequest = { operation, body, headers: {}, isTable: target.startsWith('DynamoDB') };
    const shares = request.isTable ? this.weather.table : this.weather.queue;
    const fault = drawFault(shares, this.#random);
    if (fault === undefined) return respond(outgoing, await this.#services.apply(request));
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
    const { end, isLate } = await disturb(request, fault, this.#services, this.#random);
    if (isLate) this.#arrive(request);
    if (end === 'silence') return;
    if (end === 'connection_lost') outgoing.destroy();
    else respond(outgoing, end);
  }

  #arrive(request: WireRequest): void {
    const arriving = sleep(LATE_AFTER_MS * (1 + 2 * this.#random())).then(async () => {
      this.lateArrivals++;
      this.onLate(request);
      await this.#services.apply(request);
      this.#late.delete(arriving);
    });
    this.#late.add(arriving);
  }

  /** The operator's settings, if any, the initial ones, and no provider keys. */
  #parameters(body: string): WireAnswer {
    const { Names = [] } = JSON.parse(body) as { Names?: readonly string[] };
    const stored = (name: string) => {
      if (name.endsWith('/settings')) return this.settings;
      return name.endsWith('/initial') ? INITIAL : undefined;
    };
    return answerOf({
      Parameters: Names.flatMap((Name) => (stored(Name) === undefined ? [] : [{ Name, ...stored(Name) }])),
      InvalidParameters: Names.filter((name) => stored(name) === undefined),
    });
  }
}

function respond(outgoing: ServerResponse, { status, body }: WireAnswer): void {
  outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
}
