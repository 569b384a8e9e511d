import type { TimeBudget } from '../aws/time-budget.ts';
import type { LookUpSources } from '../intelligence/intelligence.ts';
import type { LookUpFigures } from '../intelligence/look-up-figures.ts';
import type { IsLocal } from '../records/locality.ts';
import { parseAddressItemKey } from '../store/keys.ts';
import type { BatchFailures } from './batch-failures.ts';
import { Informer } from './inform.ts';
import type { QueuedMessage } from './queued-message.ts';
import { type ReadUnit, readUnit } from './read-unit.ts';
import { type ScoringOptions, scoreUnit } from './score-unit.ts';
import { type StoreAccess, storeUnits, type TimedUnit } from './store-units.ts';

export interface WindowOptions extends ScoringOptions, StoreAccess {
  readonly isLocal: IsLocal;
  /** Sources of intelligence to look addresses up in; absent where there are none. */
  readonly lookUp?: LookUpSources | undefined;
  readonly budget: TimeBudget;
}

/** What a window came to. */
export interface WindowOutcome {
  readonly units: readonly TimedUnit[];
  readonly lookUps: LookUpFigures | undefined;
}

/**
 * Records that are scored before they are written: an ordinary batch is one window, so that its verdicts don't wait for
 * writes; a larger one takes no more memory for it.
 */
const WINDOW_RECORDS = 5_000;

/** A unit in the window; what was read is kept only as long as it may be scored again. */
interface Place {
  readonly waiting?: ReadUnit;
  scored?: TimedUnit | undefined;
}

/**
 * The corridor that messages go through:
 *
 * ```
 * read  ->  inform  ->  score  ->  store
 *              |                             once more for units about which answers came late
 *              '-----> score  ->  store
 * ```
 *
 * A unit is scored as soon as it is read, unless there is more to be found out about its addresses than memory knows.
 */
export class AssessmentWindow {
  readonly #options: WindowOptions;
  readonly #failures: BatchFailures;
  readonly #informer: Informer;
  /** In the order in which they came. */
  readonly #places: Place[] = [];
  #records = 0;

  constructor(options: WindowOptions, failures: BatchFailures) {
    this.#options = options;
    this.#failures = failures;
    this.#informer = new Informer(options.lookUp, options.isLocal);
  }

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  /** Whether it is time to finish. */
  get isFull(): boolean {
    return this.#records >= WINDOW_RECORDS;
  }

  /** Reads messages with one body, and scores them where nothing more is to be found out. */
  take(messages: readonly QueuedMessage[]): void {
    const { isLocal } = this.#options;
    const messageIds = messages.map(({ messageId }) => messageId);
    const unit = this.#failures.attempt('reading', messageIds, () => readUnit(messages, isLocal));
    if (unit === undefined) return;
    this.#records += unit.stored + unit.duplicates + unit.rejected.length;
    const isInformed = this.#failures.spare('choosing look-ups', () => this.#informer.take(unit)) ?? true;
    this.#places.push(isInformed ? { scored: this.#score(unit) } : { waiting: unit });
  }

  /** Scores what waited for answers, stores everything, and then uses the answers that came late. */
  async finish(): Promise<WindowOutcome> {
    const { budget } = this.#options;
    if (this.#places.some(({ waiting }) => waiting !== undefined)) {
      await this.#failures.spareAsync('looking up', () => this.#informer.find(budget));
    }
    for (const place of this.#places)
      if (place.waiting !== undefined) place.scored = this.#score(place.waiting);
    await this.#store(this.#scoredUnits());
    await this.#failures.spareAsync('using late answers', () => this.#useLateAnswers());
    const lookUps = this.#failures.spare('counting look-ups', () => this.#informer.figures());
    return { units: this.#scoredUnits(), lookUps };
  }

  #scoredUnits(): TimedUnit[] {
    return this.#places.flatMap(({ scored }) => scored ?? []);
  }

  /** @returns undefined where a defect keeps the unit from being scored: its messages have failed */
  #score(unit: ReadUnit): TimedUnit | undefined {
    const scored = this.#failures.attempt('scoring', unit.messageIds, () => this.#scoreNow(unit));
    if (scored === undefined) return undefined;
    for (const defect of scored.defects) this.#failures.noteDefect('scoring a record', defect);
    return { ...scored, milliseconds: this.#options.budget.elapsedMs };
  }

  #scoreNow(unit: ReadUnit) {
    return scoreUnit(unit, this.#options, this.#informer.lookUpsOf(unit));
  }

  async #store(units: readonly TimedUnit[]): Promise<void> {
    const failed = await storeUnits(units, this.#options, this.#options.budget);
    for (const [messageId, error] of failed) this.#failures.failFor([messageId], error);
  }

  /**
   * Goes through the corridor again with the units that more is known about: their verdicts were there in time. Where
   * that breaks off in the middle, items and summary may disagree, so that the message has to come again.
   */
  async #useLateAnswers(): Promise<void> {
    const addresses = await this.#informer.findLate();
    const improved = this.#improvedUnits(addresses);
    // What is stored stands: without time to begin, nothing is to be repaired.
    if (!this.#options.budget.hasTimeLeft) return;
    for (const [place, unit] of improved) place.scored = unit;
    await this.#store([...improved.values()].map((unit) => changesOf(unit, addresses)));
  }

  #improvedUnits(addresses: ReadonlySet<string>): Map<Place, TimedUnit> {
    const improved = new Map<Place, TimedUnit>();
    for (const place of this.#places) {
      const { waiting: unit, scored: before } = place;
      if (unit === undefined || before === undefined || !this.#informer.concerns(unit, addresses)) continue;
      if (unit.messageIds.every((messageId) => this.#failures.hasFailed(messageId))) continue;
      const after = this.#failures.spare('scoring again', () => this.#scoreNow(unit));
      // A defect that shows only now must not cost what is stored.
      if (after === undefined || after.defects.length > before.defects.length) continue;
      improved.set(place, { ...after, milliseconds: before.milliseconds });
    }
    return improved;
  }
}

/** Leaves out what stands as it is: other addresses' items, and rejections. */
function changesOf(unit: TimedUnit, addresses: ReadonlySet<string>): TimedUnit {
  const items = unit.items.filter((item) => addresses.has(parseAddressItemKey(item)?.address ?? ''));
  return { ...unit, items, rejected: [] };
}
