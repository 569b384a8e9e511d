import { createConsensus } from '../../../lib/consensus/consensus.ts';
import type { ScoringInput } from '../../../lib/consensus/scoring-input.ts';
import { amount, type Benchmark, type BenchmarkContext } from '../benchmark.ts';
import { cpuMilliseconds } from '../cpu-time.ts';
import { medianOf } from '../quantiles.ts';
import { bareInputs, fullInputs, logInputs } from '../scoring-inputs.ts';

const INPUTS = 100_000;
const ROUNDS = 9;
/** A hundred times what the Python engine did on a machine of this kind. */
const LEAST_PER_SECOND = 330_000;

/** One for all measurements, as the function has one. */
const consensus = createConsensus();

/**
 * The pure engine by itself: three scorers and their consensus, for inputs of which no two are the same. Figures are of
 * CPU time and the median of nine rounds after a warm-up.
 */
export const engine: Benchmark = {
  name: 'engine',
  summary: 'assess() on one core, CPU time, distinct inputs',
  async run(context) {
    const bare = measure(bareInputs(amount(context, INPUTS)), 'bare', context);
    const log = measure(logInputs(amount(context, INPUTS)), 'as in a log', context);
    const full = measure(fullInputs(amount(context, INPUTS)), 'full', context);
    return [
      ...figuresOf('bare address', bare),
      ...figuresOf('as in a log', log),
      ...figuresOf('all intelligence', full),
    ];
  },
};

function figuresOf(kind: string, perSecond: number) {
  return [
    { name: kind, value: perSecond, unit: 'assessments/s', budget: { atLeast: LEAST_PER_SECOND } },
    { name: `${kind}, one assessment`, value: 1e6 / perSecond, unit: 'µs' },
  ];
}

/** @returns assessments per second */
function measure(inputs: readonly ScoringInput[], kind: string, { progress }: BenchmarkContext): number {
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
