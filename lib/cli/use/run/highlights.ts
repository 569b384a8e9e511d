import { Largest } from '../../../statistics/largest.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { SUSPICIOUS_SCORE } from '../../results/suspicious-score.ts';

/** How many of each kind are shown. */
const SHOWN = 5;

/** Keeps, of all assessments, the few that a human would ask for first: one an address, the worst. */
export class Highlights {
  readonly #suspicious = new Largest<ReadAssessment>(SHOWN);
  readonly #uncertain = new Largest<ReadAssessment>(SHOWN);

  add(read: ReadAssessment): void {
    const { address, assessment } = read;
    if (assessment.threat_score >= SUSPICIOUS_SCORE)
      this.#suspicious.offer(address, assessment.threat_score, () => read);
    if (assessment.method === 'median' && assessment.high_uncertainty)
      this.#uncertain.offer(address, assessment.spread, () => read);
  }

  get mostSuspicious(): ReadAssessment[] {
    return this.#suspicious.items;
  }

  get mostUncertain(): ReadAssessment[] {
    return this.#uncertain.items;
  }
}
