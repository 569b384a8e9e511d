/** How a check ended: `skipped` where there was nothing to look at. */
export type Outcome = 'pass' | 'warn' | 'fail' | 'skipped';

/** What a check of a deployment found. */
export interface Finding {
  readonly outcome: Outcome;
  /** What is there, in one line; for what was skipped, why, in one word. */
  readonly text: string;
  /** What to do about it; absent if nothing is to be done. */
  readonly todo?: string;
}

/** A finding with the name of its check. */
export interface CheckResult extends Finding {
  readonly name: string;
}
