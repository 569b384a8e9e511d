import type { Random } from '../../bench/random.ts';

/** What can happen to a request instead of a normal answer. */
export const FAULTS = [
  /** Throttled; not executed. */
  'throttled',
  /** An internal error, as JSON or as an HTML page; not executed. */
  'internal',
  'unavailable',
  /** The connection is lost before the request arrives. */
  'reset',
  'denied',
  /** Executed, but the answer is lost or truncated. */
  'lost',
  'cut',
  /** No answer; the request is executed, not executed, or executed after its client has given up. */
  'hang',
  'hang_done',
  'late',
  /** Part of a batch is executed: the rest is reported as unprocessed, or nothing is reported. */
  'unprocessed',
  'partly_lost',
  /** Queue entries: some reported as failed were sent. */
  'false_failure',
] as const;

export type Fault = (typeof FAULTS)[number];

/** Frequency of each fault, as a share of the requests to the table and to queues. */
export interface Weather {
  readonly table: Partial<Record<Fault, number>>;
  readonly queue: Partial<Record<Fault, number>>;
}

export const CALM: Weather = { table: {}, queue: {} };

const STORM: Partial<Record<Fault, number>> = {
  throttled: 0.05,
  internal: 0.03,
  unavailable: 0.03,
  reset: 0.03,
  denied: 0.01,
  lost: 0.04,
  cut: 0.03,
  hang: 0.02,
  hang_done: 0.02,
  late: 0.04,
  unprocessed: 0.1,
  partly_lost: 0.04,
  false_failure: 0.04,
};

/** Fault profiles that a run switches between. */
export const WEATHERS = {
  calm: CALM,
  storm: { table: STORM, queue: STORM },
  throttling: { table: { throttled: 0.3, unprocessed: 0.4 }, queue: { throttled: 0.2, unprocessed: 0.3 } },
  lossy: {
    table: { lost: 0.2, cut: 0.05, partly_lost: 0.15 },
    queue: { lost: 0.2, cut: 0.1, false_failure: 0.2 },
  },
  late: { table: { late: 0.25, hang_done: 0.1, hang: 0.05 }, queue: { late: 0.2, hang: 0.1 } },
  table_down: { table: { unavailable: 0.6, denied: 0.2 }, queue: {} },
  queue_down: { table: {}, queue: { denied: 0.5, unavailable: 0.5 } },
} as const satisfies Record<string, Weather>;

export type WeatherName = keyof typeof WEATHERS;

/** Draws a request's fault; undefined for none. */
export function drawFault(shares: Partial<Record<Fault, number>>, random: Random): Fault | undefined {
  let left = random();
  for (const fault of FAULTS) {
    left -= shares[fault] ?? 0;
    if (left < 0) return fault;
  }
  return undefined;
}
