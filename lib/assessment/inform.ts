import type { TimeBudget } from '../aws/time-budget.ts';
import type { LookUpSources } from '../intelligence/intelligence.ts';
import type { LookUpFigures } from '../intelligence/look-up-figures.ts';
import type { LookUpRound } from '../intelligence/look-up-round.ts';
import { lookUpSubjects, type SubjectOptions } from '../intelligence/look-up-subjects.ts';
import type { IsLocal } from '../records/locality.ts';
import type { ReadUnit } from './form-units.ts';
import type { AllowedBy } from './score-address.ts';
import type { LookUpsOf } from './score-unit.ts';

/**
 * Looks up the addresses of some units: memory answers at once, table and providers within the time that verdicts can
 * wait, and some answers come later. Without sources of intelligence there is nothing to look up.
 */
export class Informer {
  readonly #round: LookUpRound | undefined;
  readonly #subjects: SubjectOptions;
  /**
   * For each unit, the addresses whose records in that unit lack something. What other units lack does not matter to
   * it.
   */
  readonly #wanted = new WeakMap<ReadUnit, ReadonlySet<string>>();

  constructor(lookUp: LookUpSources | undefined, isLocal: IsLocal, allowedBy?: AllowedBy) {
    this.#round = lookUp?.start();
    this.#subjects = {
      isLocal,
      withDocumentation: lookUp?.withDocumentation === true,
      isAllowed: allowedBy && ((endpoint) => allowedBy(endpoint) !== undefined),
    };
  }

  /**
   * Adds a unit, with what memory knows about its addresses.
   *
   * @returns whether nothing more can be looked up, so that there is nothing to wait for
   */
  take(unit: ReadUnit): boolean {
    if (this.#round === undefined) return true;
    const subjects = lookUpSubjects(unit, this.#subjects);
    const wanted = subjects.filter(({ sources }) => sources.size > 0).map(({ address }) => address);
    this.#wanted.set(unit, new Set(wanted));
    return this.#round.add(subjects);
  }

  /** Looks up what memory does not know, within the time that verdicts can wait. */
  async find(budget: TimeBudget): Promise<void> {
    await this.#round?.find(budget);
  }

  /** @returns what is known so far about the addresses of a unit */
  lookUpsOf(unit: ReadUnit): LookUpsOf {
    const wanted = this.#wanted.get(unit);
    return (address) => (wanted?.has(address) ? this.#round?.lookUpsOf(address) : undefined);
  }

  /** Waits for the answers that verdicts could not wait for. @returns the addresses about which more is now known */
  async findLate(): Promise<ReadonlySet<string>> {
    return (await this.#round?.complete()) ?? new Set();
  }

  /** @returns whether a unit needs one of the addresses */
  concerns(unit: ReadUnit, addresses: ReadonlySet<string>): boolean {
    return !addresses.isDisjointFrom(this.#wanted.get(unit) ?? new Set());
  }

  /** @returns figures of the look-ups; undefined if there was nothing to look up */
  figures(): LookUpFigures | undefined {
    return this.#round?.figures();
  }
}
