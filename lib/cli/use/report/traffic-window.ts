import { stepAt, type TimeSteps, timeSteps } from '../../../statistics/time-steps.ts';
import { sumStatistics, type Totals } from '../../../statistics/unit-tally.ts';
import type { StatisticsEntry } from '../../../store/read-summaries.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import type { TrafficFigures, TrafficStep } from '../../results/site-report.ts';

/** Adds up units, in total and by time step; memory use does not depend on the range. */
export class TrafficWindow {
  readonly #steps: TimeSteps;
  readonly #perStep: { messages: number; totals: Totals }[];

  constructor(range: TimeRange) {
    this.#steps = timeSteps(range);
    this.#perStep = Array.from({ length: this.#steps.count }, () => ({
      messages: 0,
      totals: sumStatistics([]),
    }));
  }

  add({ ingested_at, statistics }: Pick<StatisticsEntry, 'ingested_at' | 'statistics'>): void {
    // The queue's clock may be ahead of ours.
    const step = this.#perStep[Math.min(stepAt(this.#steps, ingested_at), this.#steps.count - 1)];
    if (step === undefined) return;
    step.messages++;
    step.totals = sumStatistics([step.totals, statistics]);
  }

  get totals(): Totals {
    return sumStatistics(this.#perStep.map(({ totals }) => totals));
  }

  get figures(): TrafficFigures {
    return figuresOf(
      this.#perStep.reduce((sum, { messages }) => sum + messages, 0),
      this.totals,
    );
  }

  get overTime(): TrafficStep[] {
    const { firstMs, widthMs } = this.#steps;
    return this.#perStep.map(({ messages, totals }, index) => ({
      from: new Date(firstMs + index * widthMs).toISOString(),
      ...figuresOf(messages, totals),
    }));
  }
}

function figuresOf(messages: number, totals: Totals): TrafficFigures {
  const { records, stored, duplicates, rejected, skipped, assessments, malicious } = totals;
  const { high_uncertainty, consensus_failures, without_evidence, allowed } = totals;
  return {
    messages,
    records,
    stored,
    duplicates,
    rejected,
    skipped: Object.values(skipped).reduce((sum, count) => sum + count, 0),
    assessments,
    malicious,
    high_uncertainty,
    consensus_failures,
    without_evidence,
    allowed,
  };
}
