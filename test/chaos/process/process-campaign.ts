import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { deployedFunction, type FunctionBuild } from '../../bench/function/build.ts';
import { pick, type Random, seededRandom, wholeNumber } from '../../bench/random.ts';
import { messagesInSummaries } from '../audit/late-summaries.ts';
import { watchTable } from '../audit/watch-table.ts';
import type { CampaignRequest, CampaignResult } from '../campaign/campaign-result.ts';
import { Books, type QueuedMessage } from '../model/books.ts';
import { noFigures } from '../model/world-figures.ts';
import { messageOfReceipt, receiptHandle } from '../product/deliver.ts';
import * as product from '../product/product.ts';
import { openMemoryServices } from '../simulation/memory-services.ts';
import type { RunServices } from '../simulation/service.ts';
import { CALM, WEATHERS } from '../simulation/weather.ts';
import { makeBody, SHAPES, type Shape } from '../workload/bodies.ts';
import { shortHash } from '../workload/canonical.ts';
import { addressPool } from '../workload/records.ts';
import { originOf, type SentMessage } from '../workload/sent-message.ts';
import { AwsServer } from './aws-server.ts';
import { FunctionChild } from './function-child.ts';

/** Number of concurrent function processes. */
const PROCESSES = 2;
const TIMEOUT_MS = 12_000;
/** Shares of deliveries ended by SIGKILL, and stopped for a while. */
const KILLED = 0.3;
const FROZEN = 0.15;
const OVERLAPPING = 0.25;
/** Shares of messages that are large, and of bodies sent twice. */
const LARGE = 0.15;
const TWINS = 0.1;
const LARGEST: Partial<Record<Shape, number>> = { heavy: 270, one_address: 2_000 };
const SETTINGS = [
  '{"mode":"legacy"}',
  '{"mode":"parallel","consensusPercent":50}',
  '{"mode":"consensus","maliciousThreshold":0.3}',
];
/** Share of settings changes that delete them. */
const RESETS = 0.2;
const WEATHER = [WEATHERS.calm, WEATHERS.storm, WEATHERS.lossy, WEATHERS.throttling, WEATHERS.late];
const MOST_FINAL_ROUNDS = 60;
/** Small messages are stored under the start of their minute. */
const MINUTE_MS = 60_000;

/** Runs a campaign on the deployed function, bundled and in separate processes, in real time. */
export async function runProcessCampaign(
  request: CampaignRequest,
  onProgress: (records: number) => void,
): Promise<CampaignResult> {
  const started = performance.now();
  const books = new Books();
  const services = await openMemoryServices({
    onRejected: (entry) => books.addRejection(entry),
    // No message here kills the process by itself.
    onDeadLetter: (entry) => books.addDeadLetter(entry, () => false),
    onDeleted: (handle) => books.acknowledge(messageOfReceipt(handle)),
  });
  const random = seededRandom(Buffer.from(shortHash(`process ${request.seed}`), 'base64url').readUInt32BE(0));
  const server = await AwsServer.start(watchTable(services, books), random);
  server.onLate = (request) => {
    for (const id of messagesInSummaries(request)) books.noteCountedAgain(id);
  };
  const run = new ProcessRun(books, server, services, await deployedFunction(), random);
  try {
    await run.storm(request.records, onProgress);
    await run.finish();
  } finally {
    await run.close();
    server.close();
  }
  const { discrepancies } = books;
  return {
    seed: request.seed,
    runs: 1,
    ...run.figures,
    records: books.records,
    messages: books.messages,
    audits: books.audits,
    events: server.requests,
    lateArrivals: server.lateArrivals,
    faults: Object.fromEntries(server.faults),
    seconds: Math.round((performance.now() - started) / 100) / 10,
    trace: '',
    discrepancies: discrepancies.total,
    failures:
      discrepancies.total === 0
        ? []
        : [
            {
              run: 0,
              counts: discrepancies.counts,
              discrepancies: discrepancies.found,
              commands: '',
              path: '',
              error: '',
            },
          ],
  };
}

class ProcessRun {
  readonly figures = noFigures();
  readonly #books: Books;
  readonly #server: AwsServer;
  readonly #services: RunServices;
  readonly #build: FunctionBuild;
  readonly #random: Random;
  readonly #addresses: readonly string[];
  readonly #idle: FunctionChild[] = [];
  readonly #startMs = Date.now();

  constructor(books: Books, server: AwsServer, services: RunServices, build: FunctionBuild, random: Random) {
    this.#books = books;
    this.#server = server;
    this.#services = services;
    this.#build = build;
    this.#random = random;
    this.#addresses = addressPool(16, random);
  }

  /** Sends and delivers under faults until enough records were processed. */
  async storm(records: number, onProgress: (records: number) => void): Promise<void> {
    const work = async () => {
      while (this.#books.records < records) {
        while (this.#books.waiting().length < 6) this.#send();
        if (this.#random() < 0.4) this.#change();
        await this.#deliver(this.#choose(), false);
        this.#books.redrive(Date.now());
        onProgress(this.#books.records);
        this.#books.auditTable(await this.#services.items());
      }
    };
    await Promise.all(Array.from({ length: PROCESSES }, work));
  }

  async finish(): Promise<void> {
    this.#server.weather = CALM;
    for (let round = 0; round < MOST_FINAL_ROUNDS; round++) {
      this.#books.redrive(Date.now());
      const waiting = this.#books.waiting();
      if (waiting.length === 0 && this.#books.queued.every(({ isDead }) => !isDead)) break;
      if (waiting.length > 0) await this.#deliver(waiting.slice(0, 10), true);
    }
    await this.#server.arriveLate();
    const nowMs = Date.now();
    const client = DynamoDBDocumentClient.from(
      new DynamoDBClient({
        region: 'eu-central-1',
        endpoint: this.#server.endpoint,
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      }),
    );
    await this.#books.auditEnd(await this.#services.items(), {
      product,
      table: { client, tableName: this.#services.tableName },
      range: { fromMs: this.#startMs - MINUTE_MS, toMs: nowMs + 1, nowMs },
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.map((child) => child.stop()));
  }

  #send(): void {
    const shape = pick(SHAPES, this.#random);
    const isLarge = this.#random() < LARGE;
    const most = isLarge ? (LARGEST[shape] ?? 400) : 60;
    const records = wholeNumber(1, most, this.#random);
    const seed = wholeNumber(0, 2 ** 31 - 1, this.#random);
    const body = makeBody({ shape, records, seed }, this.#addresses);
    this.#books.enqueue(body, Date.now());
    if (this.#random() < TWINS) this.#books.enqueue(body, Date.now());
  }

  #change(): void {
    if (this.#random() < 0.5) {
      this.#server.weather = pick(WEATHER, this.#random);
      return;
    }
    this.figures.settingsChanges++;
    if (this.#random() < RESETS) {
      this.#server.settings = undefined;
      return;
    }
    this.#server.settings = {
      Value: pick(SETTINGS, this.#random),
      Version: (this.#server.settings?.Version ?? 0) + 1,
      LastModifiedDate: Date.now() / 1000,
    };
  }

  /** Some waiting messages, or one that another process is working on. */
  #choose(): readonly QueuedMessage[] {
    const inFlight = this.#books.queued.filter(({ flights }) => flights > 0);
    if (inFlight.length > 0 && this.#random() < OVERLAPPING) {
      this.figures.overlaps++;
      return [pick(inFlight, this.#random)];
    }
    return this.#books.waiting().slice(0, wholeNumber(1, 4, this.#random));
  }

  async #deliver(messages: readonly QueuedMessage[], isCalm: boolean): Promise<void> {
    if (messages.length === 0) return;
    const child = this.#idle.pop() ?? (await FunctionChild.start(this.#build, this.#server.endpoint));
    const open = messages.filter(({ isAcknowledged, isDead }) => !isAcknowledged && !isDead);
    const receiveCounts = this.#books.takeOff(open);
    this.figures.deliveries++;
    for (const { message } of open) this.figures.deliveredRecords += message.body.records;
    const answered = child.invoke(eventOf(open), TIMEOUT_MS);
    if (!isCalm) await this.#disturb(child, answered, open);
    const answer = await answered;
    this.#books.land(receiveCounts, answer?.failed);
    if (answer === undefined || child.isGone) await child.stop();
    else this.#idle.push(child);
  }

  /** Kills or stops the process at a random moment, unless it answers first. */
  async #disturb(
    child: FunctionChild,
    answered: Promise<unknown>,
    messages: readonly QueuedMessage[],
  ): Promise<void> {
    const fate = this.#random();
    if (fate >= KILLED + FROZEN) return;
    const isOver = await Promise.race([answered.then(() => true), sleep(this.#random() ** 2 * 80, false)]);
    if (isOver) return;
    if (fate < KILLED) {
      this.figures.kills++;
      // Its requests may arrive after the next delivery has begun.
      for (const { message } of messages) this.#books.noteCountedAgain(originOf(message).messageId);
      child.signal('SIGKILL');
      return;
    }
    this.figures.freezes++;
    child.signal('SIGSTOP');
    await sleep(200 + this.#random() * 4_000);
    child.signal('SIGCONT');
  }
}

function attributesOf({ origin }: SentMessage) {
  if (origin === undefined) return {};
  return {
    source_message_id: { stringValue: origin.messageId, dataType: 'String' },
    sent_at: { stringValue: String(origin.sentAtMs), dataType: 'Number' },
  };
}

function eventOf(messages: readonly QueuedMessage[]): string {
  const Records = messages.map(({ message, receiveCount }) => ({
    messageId: message.id,
    receiptHandle: receiptHandle(message.id, receiveCount),
    body: message.body.text,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(message.sentAtMs),
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: String(message.sentAtMs + 5),
    },
    messageAttributes: attributesOf(message),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:connections',
    awsRegion: 'us-east-1',
  }));
  return JSON.stringify({ Records });
}
