import { basename } from 'node:path';
import { readEmbeddedMetrics } from '../../../lib/local/alarms/embedded-metrics.ts';
import { type MonthlyCost, metricsCost, monthlyCost } from '../../../lib/local/metering/monthly-cost.ts';
import { type LocalStack, startLocalStack } from '../../../lib/local/stack.ts';
import { readTemplates } from '../../../lib/local/template/template.ts';
import { WINDOW } from '../../../lib/logs/windows.ts';
import { METRICS } from '../../../lib/telemetry/metric-names.ts';
import { DEPLOYED, SYNTHESIZED } from '../../fixtures/deployed-service.ts';
import { amount, type Benchmark, type BenchmarkContext, BenchmarkError, type Figure } from '../benchmark.ts';
import { costFigure, partFigures, runLog, runPacked, runSingly } from '../load.ts';
import { startNaiveStack } from '../naive/naive-stack.ts';
import { logFiles, recordTexts } from '../real-logs.ts';
import { LOG_ADDRESS_SHARE, type TrafficOptions, traffic } from '../records.ts';

const LOG_RECORDS = 60_000;
/** As many as `push` packs together. */
const RECORDS_BY_SHARE = WINDOW.entries;
const SINGLE_RECORDS = 3_000;
const ADDRESS_SHARES = [0.01, 0.04, 0.1, 0.3, 1];
const BUDGET = { atMost: 0.1 };
/** Real logs of at least a thousand records: smaller ones fill no message. */
const LOG_BUDGET = { atMost: 0.3 };
const FEWEST_LOG_RECORDS = 1_000;

/**
 * What a million records cost at AWS list prices, counted on the embedded stack from requests, capacity units (those of
 * the index included), invocations and log bytes; where the money goes; the naive design beside it, run the same way;
 * and what an environment costs in a month in which nothing comes.
 */
export const cost: Benchmark = {
  name: 'cost',
  summary: 'US dollars per million records at list prices, counted; the naive design beside it',
  async run(context) {
    const metrics = new Map<string, number>();
    const service = await startService(metrics);
    const naive = await startNaiveStack();
    try {
      return [
        ...(await generated(service, naive, context)),
        ...(await byAddresses(service, context)),
        ...(await realLogs(service, naive, context)),
        ...monthly(metrics.size),
      ];
    } finally {
      await Promise.all([service.stop(), naive.stop()]);
    }
  },
};

/**
 * The service by the consensus. Where the machine is so busy that the function could not read the settings in time, it
 * would use the legacy score at first, and store less.
 *
 * @param metrics gets the latest value of each metric that the function reports
 */
async function startService(metrics: Map<string, number>): Promise<LocalStack> {
  const onLogLine = (line: string) => {
    for (const { name, dimensions, value } of readEmbeddedMetrics(line))
      metrics.set(name === METRICS.settingsInvalid ? name : JSON.stringify([name, dimensions]), value);
  };
  const settings = () => '{"mode":"consensus"}';
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
    const stack = await startLocalStack({ ...DEPLOYED, settings, onLogLine });
    await runPacked(stack, trafficOf(100, LOG_ADDRESS_SHARE, 1_000));
    if (metrics.get(METRICS.settingsInvalid) === 0) return stack;
    await stack.stop();
  }
  throw new BenchmarkError('the function could not read its settings in time: the machine is too busy');
}

const START_ATTEMPTS = 5;

async function generated(
  service: LocalStack,
  naive: LocalStack,
  context: BenchmarkContext,
): Promise<Figure[]> {
  context.progress.step('cost, generated log');
  const log = trafficOf(amount(context, LOG_RECORDS), LOG_ADDRESS_SHARE, 1);
  const packed = await runPacked(service, log);
  const few = trafficOf(amount(context, SINGLE_RECORDS), LOG_ADDRESS_SHARE, 99);
  const texts = Array.from(traffic(few), ({ text }) => text);
  const single = await runSingly(service, texts);
  const naively = await runSingly(naive, texts);
  return [
    costFigure('generated log', packed, BUDGET),
    ...partFigures('generated log', packed),
    costFigure('one record a message', single),
    ...partFigures('one record a message', single),
    costFigure('naive design', naively),
    ...partFigures('naive design', naively),
  ];
}

async function byAddresses(service: LocalStack, context: BenchmarkContext): Promise<Figure[]> {
  context.progress.step('cost, addresses', ADDRESS_SHARES.length);
  const figures: Figure[] = [];
  for (const [n, share] of ADDRESS_SHARES.entries()) {
    const load = await runPacked(service, trafficOf(amount(context, RECORDS_BY_SHARE), share, n + 2));
    const kind = `${share * 100} % distinct addresses`;
    const units = load.usage.dynamodb.write_units / load.records;
    figures.push(costFigure(kind, load), { name: kind, value: units, unit: 'write units per record' });
    context.progress.update(n + 1);
  }
  return figures;
}

/** The sensors' logs of a folder, each whole. */
async function realLogs(
  service: LocalStack,
  naive: LocalStack,
  { logs, progress }: BenchmarkContext,
): Promise<Figure[]> {
  if (logs === undefined) return [];
  const paths = logFiles(logs);
  const figures: Figure[] = [];
  progress.step('cost, logs', paths.length);
  for (const path of paths) {
    const load = await runLog(service, path);
    const texts = await recordTexts(path);
    figures.push(
      costFigure(basename(path), load, load.records >= FEWEST_LOG_RECORDS ? LOG_BUDGET : undefined),
      costFigure(`${basename(path)}, naive design`, await runSingly(naive, texts)),
    );
    progress.update(figures.length / 2);
  }
  return figures;
}

function monthly(metrics: number): Figure[] {
  const idle = monthlyCost(readTemplates(SYNTHESIZED));
  const figure = ({ name, count, usd }: MonthlyCost): Figure => ({
    name: `a month, ${Math.round(count).toLocaleString('en-US')} ${name}`,
    value: usd,
    unit: 'USD',
  });
  const total = idle.reduce((sum, { usd }) => sum + usd, 0);
  return [
    { name: 'a month in which nothing comes', value: total, unit: 'USD' },
    ...idle.map(figure),
    figure(metricsCost(metrics)),
  ];
}

function trafficOf(records: number, share: number, seed: number): TrafficOptions {
  return { records, addresses: Math.ceil(records * share), seed };
}
