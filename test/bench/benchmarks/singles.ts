import { basename } from 'node:path';
import { ENVIRONMENTS } from '../../../infra/environments.ts';
import { costParts } from '../../../lib/local/metering/cost.ts';
import { PRICES } from '../../../lib/local/metering/prices.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import { amount, type Benchmark, type BenchmarkContext, type Budget, type Figure } from '../benchmark.ts';
import type { UnitTimes } from '../function/aws-stub.ts';
import { type Message, toEventJson } from '../messages.ts';
import { quantileOf } from '../quantiles.ts';
import {
  type EventSource,
  queueRequests,
  type SimulatedBatch,
  simulateBatches,
} from '../queue/event-source.ts';
import { type MeteredRun, runMetered } from '../queue/metered-run.ts';
import { logFiles, recordTexts } from '../real-logs.ts';
import { LOG_ADDRESS_SHARE, traffic } from '../records.ts';

const START = 1_790_000_000_000;
/** Records per second, and how many of them are sent. */
const RATES = [
  { perSecond: 10, records: 1_200 },
  { perSecond: 100, records: 6_000 },
  { perSecond: 1_000, records: 30_000 },
  { perSecond: 10_000, records: 60_000 },
  { perSecond: Number.POSITIVE_INFINITY, records: 60_000 },
] as const;
const BUDGET = { atMost: 0.5 };
const BUDGETED_RATE = 1_000;
/** Logs of fewer records say little about a rate. */
const FEWEST_RECORDS = 1_000;

/**
 * What a million records cost that are sent one per message, and how fast an execution gets them done, over rates and for
 * a backlog: batches as a simulated event source forms them, the deployed function, the table's units counted from its
 * requests, the queue's requests from the simulation.
 */
export const singles: Benchmark = {
  name: 'singles',
  summary: 'one record a message over rates: cost all in, and an execution whose table answers after 10 ms',
  async run(context) {
    const figures: Figure[] = [];
    context.progress.step('singles', RATES.length * 2);
    for (const perRequest of [10, 1]) {
      for (const { perSecond, records } of RATES) {
        const texts = generatedTexts(amount(context, records));
        const name = `${nameOf(perSecond)}, ${perRequest === 10 ? 'ten a request' : 'one a request'}`;
        const isBudgeted = perRequest === 10 && perSecond === BUDGETED_RATE;
        figures.push(
          ...(await rateFigures(name, texts, { perSecond, perRequest }, isBudgeted ? BUDGET : undefined)),
        );
        context.progress.update(figures.length);
      }
    }
    return [...figures, ...(await realLogFigures(context))];
  },
};

function generatedTexts(records: number): string[] {
  const options = { records, addresses: Math.ceil(records * LOG_ADDRESS_SHARE), seed: 7 };
  return Array.from(traffic(options), ({ text }) => text);
}

async function realLogFigures({ logs, progress }: BenchmarkContext): Promise<Figure[]> {
  if (logs === undefined) return [];
  const figures: Figure[] = [];
  for (const path of logFiles(logs)) {
    const texts = await recordTexts(path);
    if (texts.length < FEWEST_RECORDS) continue;
    progress.step(`singles, ${basename(path)}`);
    const name = `${basename(path)}, ${nameOf(BUDGETED_RATE)}, ten a request`;
    figures.push(...(await rateFigures(name, texts, { perSecond: BUDGETED_RATE, perRequest: 10 }, BUDGET)));
  }
  return figures;
}

function nameOf(perSecond: number): string {
  return Number.isFinite(perSecond) ? `${perSecond.toLocaleString('en-US')}/s` : 'backlog';
}

/** As the production environment has it. */
export function deployedSource(): EventSource {
  const { batchSize, maximumBatchingWindowSeconds: windowSeconds } = DEPLOYED.definition.eventSource;
  return { batchSize, windowSeconds, maximumConcurrency: ENVIRONMENTS.prod?.maximumConcurrency ?? 10 };
}

/** Batches of records that are sent one per message, as the event source forms them. */
export function singleBatches(
  texts: readonly string[],
  { perSecond, perRequest }: { readonly perSecond: number; readonly perRequest: number },
  source: EventSource = deployedSource(),
): SimulatedBatch[] {
  const first = { body: texts[0] ?? '', records: 1 };
  const messageBytes = Buffer.byteLength(toEventJson([first]));
  return simulateBatches({ messages: texts.length, perSecond, perRequest, messageBytes }, source);
}

export function messagesOf(batches: readonly SimulatedBatch[], texts: readonly string[]): Message[][] {
  return batches.map(({ messages }) =>
    messages.map(({ place, sentAtMs }) => ({
      body: texts[place] ?? '',
      records: 1,
      sentAtMs: START + sentAtMs,
    })),
  );
}

async function rateFigures(
  name: string,
  texts: readonly string[],
  sending: { readonly perSecond: number; readonly perRequest: number },
  budget: Budget | undefined,
): Promise<Figure[]> {
  const batches = singleBatches(texts, sending);
  const run = await runMetered(messagesOf(batches, texts));
  const units = run.usage.dynamodb.write_units;
  return [
    {
      name,
      value: usdPerMillion(run, batches, sending.perRequest),
      unit: 'USD per million',
      ...(budget && { budget }),
    },
    {
      name: `${name}, queue`,
      value: queueUsd(batches, sending.perRequest, run.records),
      unit: 'USD per million',
    },
    { name: `${name}, a batch`, value: texts.length / batches.length, unit: 'records' },
    { name: `${name}, table and index`, value: units / run.records, unit: 'write units per record' },
    { name: `${name}, a second of CPU time`, value: (run.records / run.cpuMs) * 1000, unit: 'records/s' },
    { name: `${name}, an execution`, value: (run.records / run.wallMs) * 1000, unit: 'records/s' },
    ...timeFigures(name, run),
  ];
}

/** How long units took, at worst. */
export function timeFigures(name: string, { latencies, stored }: UnitTimes): Figure[] {
  return [
    { name: `${name}, to the verdict, p99`, value: quantileOf(latencies, 0.99), unit: 'ms' },
    { name: `${name}, received to stored, p99`, value: quantileOf(stored, 0.99), unit: 'ms' },
  ];
}

/** All in: sending, receiving and deleting, and what the function does. */
export function usdPerMillion(
  run: MeteredRun,
  batches: readonly SimulatedBatch[],
  perRequest: number,
): number {
  const parts = Object.values(costParts(run.usage)).reduce((sum, part) => sum + part, 0);
  return (parts / run.records) * 1e6 + queueUsd(batches, perRequest, run.records);
}

function queueUsd(batches: readonly SimulatedBatch[], perRequest: number, records: number): number {
  const { sending, receiving, deleting } = queueRequests(batches, perRequest);
  return ((sending + receiving + deleting) * PRICES.sqsRequest * 1e6) / records;
}
