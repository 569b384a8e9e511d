import { InvalidArgumentError, Option } from 'commander';
import type { ReadinessThresholds } from '../../statistics/readiness-thresholds.ts';

type GateChanges = Readonly<Partial<ReadinessThresholds>>;

const share = (text: string) => numberUpTo(text, 1, 'a number from 0 to 1');

/** How the value of each gate is read, by the gate's name in the option. */
const GATES: Readonly<Record<string, (text: string) => GateChanges>> = {
  hours: (text) => ({ hours: numberUpTo(text, 87_600, 'hours') }),
  assessments: (text) => ({ assessments: numberUpTo(text, 1e12, 'a number of assessments') }),
  'failure-rate': (text) => ({ failureRate: share(text) }),
  'uncertainty-rate': (text) => ({ uncertaintyRate: share(text) }),
  'average-score': (text) => ({ averageScore: band(text) }),
  latency: (text) => ({ latencyMs: numberUpTo(text, 1e6, 'milliseconds') }),
  'unexplained-flips': (text) => ({ unexplainedFlips: share(text) }),
};

/** The option that changes a readiness gate; it can be repeated. */
export function gateOption(): Option {
  return new Option('--gate <name=value>', 'change the limit of a gate; can be repeated').argParser(addGate);
}

/** Reads `failure-rate=0.02` and adds it to the values so far. */
function addGate(text: string, before: GateChanges = {}): GateChanges {
  const [, name = '', value = ''] = /^([a-z-]+)=(.+)$/.exec(text) ?? [];
  const read = GATES[name];
  if (read === undefined) {
    throw new InvalidArgumentError(`expected NAME=VALUE with NAME one of ${Object.keys(GATES).join(', ')}.`);
  }
  return { ...before, ...read(value) };
}

function band(text: string): ReadinessThresholds['averageScore'] {
  const expected = 'a band such as 0.01-0.8';
  const [, from = '', to = ''] = /^([\d.]+)-([\d.]+)$/.exec(text) ?? [];
  const minimum = numberUpTo(from, 1, expected);
  const maximum = numberUpTo(to, 1, expected);
  if (minimum >= maximum) throw new InvalidArgumentError(`expected ${expected}.`);
  return { minimum, maximum };
}

function numberUpTo(text: string, most: number, expected: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most)) throw new InvalidArgumentError(`expected ${expected}.`);
  return value;
}
