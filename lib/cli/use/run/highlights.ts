import { urgencyOf, urgencyWeight } from '../../../announcement/urgency.ts';
import { Largest } from '../../../statistics/largest.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import type { RunHighlights } from '../../results/run-result.ts';
import { SUSPICIOUS_SCORE } from '../../results/suspicious-score.ts';
import { urgentAssessment } from '../assessments/urgent-assessment.ts';

/** Number shown of each kind. */
const SHOWN = 5;
const KNOCKS_LISTED = 20;

/** Keeps the few assessments that a user wants to see first: one per address, most urgent first. */
export class Highlights {
  readonly #urgent = new Largest<ReadAssessment>(SHOWN);
  readonly #uncertain = new Largest<ReadAssessment>(SHOWN);
  readonly #knocks = new Knocks();

  add(read: ReadAssessment): void {
    const { address, assessment } = read;
    if (assessment.allowed !== undefined) return;
    const urgent = urgentAssessment(read);
    if (urgencyOf(urgent) === 'knocking') {
      this.#knocks.add(read, urgent.reasons.includes('malicious'));
      return;
    }
    if (assessment.threat_score >= SUSPICIOUS_SCORE)
      this.#urgent.offer(address, urgencyWeight(urgent), () => read);
    if (assessment.method === 'median' && assessment.high_uncertainty)
      this.#uncertain.offer(address, assessment.spread, () => read);
  }

  get result(): RunHighlights {
    return {
      mostUrgent: this.#urgent.items,
      mostUncertain: this.#uncertain.items,
      knocks: this.#knocks.result,
    };
  }
}

/** Summarises the addresses from outside that never got an answer. */
class Knocks {
  readonly #addresses = new Set<string>();
  readonly #malicious = new Set<string>();
  readonly #worst = new Largest<ReadAssessment>(KNOCKS_LISTED);
  #connections = 0;

  add(read: ReadAssessment, isMalicious: boolean): void {
    const { address, assessment, connections } = read;
    this.#addresses.add(address);
    this.#connections += connections.length;
    if (isMalicious) this.#malicious.add(address);
    this.#worst.offer(address, assessment.threat_score, () => read);
  }

  get result(): RunHighlights['knocks'] {
    return {
      addresses: this.#addresses.size,
      connections: this.#connections,
      maliciousAddresses: this.#malicious.size,
      worst: this.#worst.items,
    };
  }
}
