import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { SUSPICIOUS_SCORE } from '../../results/suspicious-score.ts';

/** How many of each kind are shown. */
const SHOWN = 5;

/** Keeps, of all assessments, the few that a human would ask for first: one an address, the worst. */
export class Highlights {
  readonly #suspicious = new Map<string, ReadAssessment>();
  readonly #uncertain = new Map<string, ReadAssessment>();

  add(read: ReadAssessment): void {
    keepWorst(this.#suspicious, read, threatScore);
    const { assessment } = read;
    if (assessment.method === 'median' && assessment.high_uncertainty)
      keepWorst(this.#uncertain, read, spread);
  }

  get mostSuspicious(): ReadAssessment[] {
    return worst(this.#suspicious, threatScore).filter((read) => threatScore(read) >= SUSPICIOUS_SCORE);
  }

  get mostUncertain(): ReadAssessment[] {
    return worst(this.#uncertain, spread);
  }
}

type Measure = (read: ReadAssessment) => number;

function threatScore({ assessment }: ReadAssessment): number {
  return assessment.threat_score;
}

function spread({ assessment }: ReadAssessment): number {
  return assessment.method === 'median' ? assessment.spread : 0;
}

function keepWorst(byAddress: Map<string, ReadAssessment>, read: ReadAssessment, measure: Measure): void {
  const known = byAddress.get(read.address);
  if (known === undefined || measure(read) > measure(known)) byAddress.set(read.address, read);
}

function worst(byAddress: ReadonlyMap<string, ReadAssessment>, measure: Measure): ReadAssessment[] {
  return [...byAddress.values()].sort((a, b) => measure(b) - measure(a)).slice(0, SHOWN);
}
