import { createConsensus } from '../../../lib/consensus/consensus.ts';
import type { ScoringInput } from '../../../lib/consensus/scoring-input.ts';
import { amount, type Benchmark, type BenchmarkContext } from '../benchmark.ts';
import { cpuMilliseconds } from '../cpu-time.ts';
import { medianOf } from '../quantiles.ts';
import { bareInputs, fullInputs, logInputs, realInputs } from '../scoring-inputs.ts';

const INPUTS = 100_000;
const ROUNDS = 9;
/** A round of fewer is over before its CPU time can be told. */
const FEWEST_INPUTS = 10_000;
/**
 * What the Python engine's three scorers, without its pool of processes, assessed in the CPU time of a calibration loop:
 * 3,100 a second where the loop ran 1,200 times.
 */
const PYTHON_PER_LOOP = 3_100 / 1_200;
/** How many times faster this one should be: on what a log brings, and with everything filled in. */
const TIMES_PYTHON = { log: 100, full: 60 };

/** One for all measurements, as the function has one. */
const consensus = createConsensus();

/**
 * The pure engine by itself: three scorers and their consensus, for distinct inputs, with what connections show. Figures are of
 * CPU time and the median of nine rounds after a warm-up.
 */
export const engine: Benchmark = {
  name: 'engine',
  summary: 'assess() on one core, CPU time, distinct inputs',
  async run(context) {
    const bare = measure(bareInputs(amount(context, INPUTS)), 'bare', context);
    const log = measure(logInputs(amount(context, INPUTS)), 'as in a log', context);
    const real = await realInputs(context.logs);
    const full = measure(fullInputs(amount(context, INPUTS)), 'full', context);
    return [
      ...figuresOf('bare address', bare, TIMES_PYTHON.log),
      ...figuresOf('as in a log, most with answers of two providers', log, TIMES_PYTHON.log),
      ...figuresOf('all evidence', full, TIMES_PYTHON.full),
      ...(real.length > 0
        ? figuresOf('the logs of the folder', measure(real, 'logs', context), TIMES_PYTHON.log)
        : []),
    ];
  },
};

function figuresOf(kind: string, perSecond: number, timesPython: number) {
  const budget = { atLeastPerLoop: timesPython * PYTHON_PER_LOOP };
  return [
    { name: kind, value: perSecond, unit: 'assessments/s', budget },
    { name: `${kind}, one assessment`, value: 1e6 / perSecond, unit: 'µs' },
  ];
}

/** @returns assessments per second */
function measure(distinct: readonly ScoringInput[], kind: string, { progress }: BenchmarkContext): number {
  // Few inputs are assessed again and again: the engine remembers none.
  const repetitions = Math.ceil(FEWEST_INPUTS / distinct.length);
  const inputs = Array.from({ length: repetitions }, () => distinct).flat();
  const assessAll = () => {
    for (const input of inputs) consensus.assess(input);
  };
  assessAll();
  progress.step(`engine, ${kind}`, ROUNDS);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    progress.update(round);
    return cpuMilliseconds(assessAll);
  });
  return (inputs.length / medianOf(rounds)) * 1000;
}
