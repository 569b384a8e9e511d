/** Result of a check: `skipped` if there was nothing to check. */
export type Outcome = 'pass' | 'warn' | 'fail' | 'skipped';

/** What a check found about a deployment. */
export interface Finding {
  readonly outcome: Outcome;
  /** The finding in one line; if skipped, the reason in one word. */
  readonly text: string;
  /** What to do about it; absent if nothing needs doing. */
  readonly todo?: string;
}

/** A finding with the name of its check. */
export interface CheckResult extends Finding {
  readonly name: string;
}
