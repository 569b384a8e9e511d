import type { RunFigures, RunResult } from '../model/run-seed.ts';
import { noFigures } from '../model/world-figures.ts';
import { shortHash } from '../workload/canonical.ts';

type Figures = { -readonly [Name in keyof RunFigures]: RunFigures[Name] };

/** Adds up runs. */
export class Tally {
  readonly figures: Figures = { records: 0, messages: 0, ...noFigures(), audits: 0 };
  readonly #faults: Record<string, number> = {};
  #runs = 0;
  #events = 0;
  #lateArrivals = 0;
  #trace = '';

  add({ figures, faults, events, lateArrivals, trace }: RunResult): void {
    for (const name of Object.keys(this.figures) as (keyof Figures)[]) this.figures[name] += figures[name];
    for (const [fault, count] of Object.entries(faults)) {
      this.#faults[fault] = (this.#faults[fault] ?? 0) + count;
    }
    this.#runs++;
    this.#events += events;
    this.#lateArrivals += lateArrivals;
    this.#trace = shortHash(`${this.#trace} ${trace}`);
  }

  result() {
    return {
      ...this.figures,
      runs: this.#runs,
      events: this.#events,
      lateArrivals: this.#lateArrivals,
      faults: this.#faults,
      trace: this.#trace,
    };
  }
}
