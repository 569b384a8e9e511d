import { planMessage } from '../../../lib/assessment/plan-message.ts';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import { planOptions, queuedMessage } from '../../factories/messages.ts';
import type { Benchmark, BenchmarkContext, Figure } from '../benchmark.ts';
import { cpuMilliseconds } from '../cpu-time.ts';
import { type AwsStub, startAwsStub } from '../function/aws-stub.ts';
import { deployedFunction } from '../function/build.ts';
import { type FunctionProcess, withFunction } from '../function/function-process.ts';
import { batches, type Message, packedMessages } from '../messages.ts';
import { type TrafficOptions, traffic } from '../records.ts';
import { fullInputs } from '../scoring-inputs.ts';

/** However many records there are, they are of so many addresses. */
const ADDRESSES = 100;
const LARGEST_EXPONENT = 6;
const SWEEP_EXPONENT = 5;

/**
 * Whether anything grows faster than the load: CPU time per record, in the engine, in planning and in the whole
 * function, as records of a hundred addresses go from a thousand to a million, and as a hundred thousand records have
 * from one address to one each. Flat is linear; write units are to grow with the addresses only, towards those of an
 * item a record.
 */
export const growth: Benchmark = {
  name: 'growth',
  summary: 'CPU time and write units per record as the load grows: flat is linear',
  async run(context) {
    const stub = await startAwsStub({ hasMeter: true });
    try {
      return await withFunction(await deployedFunction(), stub, (invoked) => sweep(invoked, stub, context));
    } finally {
      await stub.close();
    }
  },
};

async function sweep(invoked: FunctionProcess, stub: AwsStub, context: BenchmarkContext): Promise<Figure[]> {
  // Code is compiled before anything is measured.
  await measureService({ records: 10_000, addresses: 1_000, seed: 0 }, invoked, stub);
  const less = context.isQuick ? 1 : 0;
  const largest = LARGEST_EXPONENT - less;
  const loads = [...sizes(largest), ...addressCounts(SWEEP_EXPONENT - less)];
  const figures = sizes(largest).map(({ name, options }) => ({
    name: `engine, ${name}`,
    value: measureEngine(options.records) * 1000,
    unit: 'µs per record',
  }));
  context.progress.step('growth', loads.length);
  for (const [n, { name, options }] of loads.entries()) {
    const { planMs, handlerMs, writeUnits } = await measureService(options, invoked, stub);
    figures.push(
      { name: `planning, ${name}`, value: planMs * 1000, unit: 'µs per record' },
      { name: `function, ${name}`, value: handlerMs * 1000, unit: 'µs per record' },
      { name: `table and index, ${name}`, value: writeUnits, unit: 'write units per record' },
    );
    context.progress.update(n + 1);
  }
  return figures.sort((a, b) => PARTS.indexOf(partOf(a)) - PARTS.indexOf(partOf(b)));
}

const PARTS = ['engine', 'planning', 'function', 'table and index'];

function partOf({ name }: Figure): string {
  return name.slice(0, name.indexOf(', '));
}

interface NamedLoad {
  readonly name: string;
  readonly options: TrafficOptions;
}

function sizes(largestExponent: number): NamedLoad[] {
  return powersOfTen(3, largestExponent).map((records) => ({
    name: `${records.toLocaleString('en-US')} records`,
    options: { records, addresses: ADDRESSES, seed: records },
  }));
}

function addressCounts(exponent: number): NamedLoad[] {
  return powersOfTen(0, exponent).map((addresses) => ({
    name: `${addresses.toLocaleString('en-US')} of ${(10 ** exponent).toLocaleString('en-US')} addresses`,
    options: { records: 10 ** exponent, addresses, seed: addresses },
  }));
}

function powersOfTen(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => 10 ** (from + n));
}

/** Fewer records than these say little: they are measured again and again until they are as many. */
const LEAST_RECORDS = 20_000;

/** CPU time and write units per record. */
async function measureService(options: TrafficOptions, invoked: FunctionProcess, stub: AwsStub) {
  const unitsBefore = stub.writeUnits();
  const rounds = Math.max(1, Math.round(LEAST_RECORDS / options.records));
  let planMs = 0;
  let handlerMs = 0;
  for (let round = 0; round < rounds; round++) {
    for (const batch of batches(packedMessages(traffic(options)))) {
      planMs += cpuMilliseconds(() => planAll(batch));
      handlerMs += (await invoked.invoke(batch)).cpuMs;
    }
  }
  stub.takeLatencies();
  const records = options.records * rounds;
  const writeUnits = (stub.writeUnits() - unitsBefore) / records;
  return { planMs: planMs / records, handlerMs: handlerMs / records, writeUnits };
}

const PLAN_OPTIONS = planOptions();

function planAll(batch: readonly Message[]): void {
  for (const { body } of batch) planMessage(queuedMessage({ body }), PLAN_OPTIONS);
}

/** Inputs made at a time, so that a million of them take no memory. */
const INPUTS_AT_ONCE = 50_000;
const LEAST_ASSESSMENTS = 200_000;

/** @returns milliseconds per assessment */
function measureEngine(assessments: number): number {
  const consensus = createConsensus();
  const total = Math.max(LEAST_ASSESSMENTS, assessments);
  const atOnce = Math.min(INPUTS_AT_ONCE, assessments);
  let milliseconds = 0;
  for (let done = 0; done < total; done += atOnce) {
    const inputs = fullInputs(atOnce, assessments === atOnce ? 1 : done + 1);
    milliseconds += cpuMilliseconds(() => {
      for (const input of inputs) consensus.assess(input);
    });
  }
  return milliseconds / total;
}
