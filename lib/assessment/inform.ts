import type { TimeBudget } from '../aws/time-budget.ts';
import type { LookUpFigures, LookUpRound } from '../intelligence/look-up-round.ts';
import type { IsLocal } from '../records/locality.ts';
import type { LookUpAccess } from './look-up-access.ts';
import { lookUpSubjects } from './look-up-subjects.ts';
import type { ReadUnit } from './read-unit.ts';
import type { LookUpsOf } from './score-unit.ts';

/**
 * Finds out about the addresses of some units: what memory knows at once, what table and providers know within the time
 * that verdicts can wait, and what comes later. Without sources of intelligence there is nothing to find out.
 */
export class Informer {
  readonly #lookUp: LookUpAccess | undefined;
  readonly #round: LookUpRound | undefined;
  readonly #isLocal: IsLocal;
  /** For each unit, the addresses of which its own records lack something: what its neighbours lack is not its concern. */
  readonly #wanted = new WeakMap<ReadUnit, ReadonlySet<string>>();

  constructor(lookUp: LookUpAccess | undefined, isLocal: IsLocal) {
    this.#lookUp = lookUp;
    this.#round = lookUp?.service.start(lookUp.keys);
    this.#isLocal = isLocal;
  }

  /**
   * Takes a unit in, with what memory knows about its addresses.
   *
   * @returns whether that is all there is to be known, so that there is nothing to wait for
   */
  take(unit: ReadUnit): boolean {
    if (this.#lookUp === undefined || this.#round === undefined) return true;
    const { service, withDocumentation } = this.#lookUp;
    const subjects = lookUpSubjects(unit, { isLocal: this.#isLocal, withDocumentation });
    const wanted = subjects.filter(({ sources }) => sources.size > 0).map(({ address }) => address);
    this.#wanted.set(unit, new Set(wanted));
    return service.add(this.#round, subjects);
  }

  /** Finds out what memory does not know, within the time that verdicts can wait. */
  async find(budget: TimeBudget): Promise<void> {
    if (this.#round !== undefined) await this.#lookUp?.service.find(this.#round, budget);
  }

  /** @returns what is known about the addresses of a unit until now */
  lookUpsOf(unit: ReadUnit): LookUpsOf {
    const wanted = this.#wanted.get(unit);
    return (address) => (wanted?.has(address) ? this.#round?.lookUpsOf(address) : undefined);
  }

  /** Waits for the answers that verdicts could not wait for. @returns the addresses of which more is known now */
  async findLate(): Promise<ReadonlySet<string>> {
    return (await this.#round?.complete()) ?? new Set();
  }

  /** @returns whether a unit asks about one of some addresses */
  concerns(unit: ReadUnit, addresses: ReadonlySet<string>): boolean {
    return !addresses.isDisjointFrom(this.#wanted.get(unit) ?? new Set());
  }

  /** @returns what the look-ups came to; undefined where there was nothing to look into */
  figures(): LookUpFigures | undefined {
    return this.#round?.figures();
  }
}
