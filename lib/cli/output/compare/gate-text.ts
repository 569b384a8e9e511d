import { grouped } from '../../../statistics/count-text.ts';
import type { Gate, GateUnit } from '../../../statistics/readiness-gates.ts';

const TITLES: Readonly<Record<Gate['name'], string>> = {
  hours: 'Duration',
  assessments: 'Assessments compared',
  failureRate: 'Failure rate',
  uncertaintyRate: 'Uncertainty',
  averageScore: 'Average score',
  latencyMs: 'Latency, p99',
  unexplainedFlips: 'Unexplained flips',
};

const UNITS: Readonly<Record<GateUnit, (value: number) => string>> = {
  hours: (value) => `${(Math.floor(value * 10) / 10).toFixed(1)} h`,
  count: grouped,
  share: (value) => `${Number((value * 100).toFixed(2))} %`,
  score: (value) => `${Number(value.toFixed(3))}`,
  milliseconds: (value) => `${grouped(value)} ms`,
};

/** A gate in words: its subject, the measured value and its limit. */
export interface GateText {
  readonly title: string;
  readonly value: string;
  readonly threshold: string;
}

export function gateText({ name, unit, value, minimum, maximum, below }: Gate): GateText {
  const text = UNITS[unit];
  return {
    title: TITLES[name],
    value: value === null ? 'no data' : text(value),
    threshold: threshold(text, { minimum, maximum, below }),
  };
}

type Bounds = Readonly<Record<'minimum' | 'maximum' | 'below', number | undefined>>;

function threshold(text: (value: number) => string, { minimum, maximum, below }: Bounds): string {
  if (below !== undefined) return `below ${text(below)}`;
  if (minimum !== undefined && maximum !== undefined) return `${text(minimum)} to ${text(maximum)}`;
  if (minimum !== undefined) return `at least ${text(minimum)}`;
  return maximum === undefined ? '' : `at most ${text(maximum)}`;
}
