import type { TimeBudget } from '../aws/time-budget.ts';
import type { LookUpSources } from '../intelligence/intelligence.ts';
import type { LookUpFigures } from '../intelligence/look-up-figures.ts';
import type { IsLocal } from '../records/locality.ts';
import type { BatchFailures } from './batch-failures.ts';
import type { ReadUnit } from './form-units.ts';
import { type Freshness, freshnessOf } from './freshness.ts';
import { Informer } from './inform.ts';
import type { QueuedMessage } from './queued-message.ts';
import { type ScoringOptions, type SummarizedUnit, scoreUnit } from './score-unit.ts';
import { type ChangeFilter, type StoreAccess, storeUnits, type TimedUnit } from './store-units.ts';

export interface WindowOptions extends ScoringOptions, StoreAccess {
  readonly isLocal: IsLocal;
  /** Sources of intelligence to look addresses up in; absent if there are none. */
  readonly lookUp?: LookUpSources | undefined;
  readonly budget: TimeBudget;
}

/** What a window came to. */
export interface WindowOutcome {
  /** Units of which something is stored. */
  readonly units: readonly StoredUnit[];
  /** Announcements that are new in the outbox. */
  readonly announcements: number;
  readonly freshness: Freshness;
  readonly lookUps: LookUpFigures | undefined;
}

/**
 * Records that are scored before they are written: an ordinary batch is one window, so that its verdicts don't wait for
 * writes; a larger one takes no more memory for it.
 */
const WINDOW_RECORDS = 5_000;

/** What is left to say of a unit that is stored. */
export interface StoredUnit extends Pick<SummarizedUnit, 'statistics'> {
  readonly unit: string;
  /** See `TimedUnit`. */
  readonly milliseconds: number;
  /** Deliveries of the same body beside those that are counted. */
  readonly repetitions: number;
}

/** A unit in the window; what was read is kept only as long as it may be scored again. */
interface Place {
  readonly beganAtMs: number;
  readonly waiting?: ReadUnit;
  scored?: TimedUnit | undefined;
  stored?: SummarizedUnit | undefined;
}

/**
 * The corridor that messages go through:
 *
 * ```
 * read  ->  inform  ->  score  ->  store, announce
 *              |                                       once more for units about which answers came late
 *              '-----> score  ->  store, announce
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
  #announcements = 0;

  constructor(options: WindowOptions, failures: BatchFailures) {
    this.#options = options;
    this.#failures = failures;
    this.#informer = new Informer(options.lookUp, options.isLocal, options.allowedBy);
  }

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  /** Whether it is time to finish. */
  get isFull(): boolean {
    return this.#records >= WINDOW_RECORDS;
  }

  /**
   * Takes a unit in, and scores it where nothing more is to be found out.
   *
   * @param beganAtMs when work on it began
   */
  take(unit: ReadUnit, beganAtMs: number): void {
    for (const { stored, duplicates, rejectedCount } of unit.sources) {
      this.#records += stored + duplicates + rejectedCount;
    }
    const isInformed = this.#failures.spare('choosing look-ups', () => this.#informer.take(unit)) ?? true;
    if (isInformed) this.#places.push({ beganAtMs, scored: this.#score(unit, beganAtMs) });
    else this.#places.push({ beganAtMs, waiting: unit });
  }

  /** Scores what waited for answers, stores everything, and then uses the answers that came late. */
  async finish(): Promise<WindowOutcome> {
    const { budget } = this.#options;
    if (this.#places.some(({ waiting }) => waiting !== undefined)) {
      await this.#failures.spareAsync('looking up', () => this.#informer.find(budget));
    }
    for (const place of this.#places) {
      if (place.waiting !== undefined) place.scored = this.#score(place.waiting, place.beganAtMs);
    }
    await this.#store(this.#places);
    const storedAtMs = budget.now();
    const freshness = freshnessOf(this.#storedMessages(), budget.startedAtMs, storedAtMs);
    const storedMs = Math.max(0, Math.round(storedAtMs - budget.startedAtMs));
    await this.#failures.spareAsync('using late answers', () => this.#useLateAnswers(storedMs));
    const lookUps = this.#failures.spare('counting look-ups', () => this.#informer.figures());
    return {
      units: this.#places.flatMap(storedUnit),
      freshness,
      announcements: this.#announcements,
      lookUps,
    };
  }

  #storedMessages(): QueuedMessage[] {
    const stored = this.#places.flatMap(({ scored, stored }) =>
      scored && stored ? scored.read.sources : [],
    );
    const messages = stored.flatMap((source) => source.messages);
    return messages.filter(({ messageId }) => !this.#failures.hasFailed(messageId));
  }

  /** @returns undefined if a defect keeps the unit from being scored: its messages have failed */
  #score(unit: ReadUnit, beganAtMs: number): TimedUnit | undefined {
    const scored = this.#failures.attempt('scoring', messageIdsOf(unit), () => this.#scoreNow(unit));
    if (scored === undefined) return undefined;
    for (const defect of scored.defects) this.#failures.noteDefect('scoring a record', defect);
    return { ...scored, milliseconds: Math.max(0, this.#options.budget.now() - beganAtMs) };
  }

  #scoreNow(unit: ReadUnit) {
    return scoreUnit(unit, this.#options, this.#informer.lookUpsOf(unit));
  }

  async #store(places: readonly Place[], isChanged?: ChangeFilter): Promise<void> {
    const units = places.flatMap(({ scored }) => scored ?? []);
    const outcome = await storeUnits(units, this.#options, this.#options.budget, isChanged);
    const { stored, failures, announcements } = outcome;
    this.#announcements += announcements;
    for (const place of places) place.stored = place.scored && stored.get(place.scored);
    for (const [messageId, error] of failures) this.#failures.failFor([messageId], error);
  }

  /**
   * Goes through the corridor again with the units that more is known about: their verdicts were there in time. Where
   * that breaks off in the middle, items and summary may disagree, so that the message has to come again.
   *
   * @param storedMs how long after the invocation's start they were stored
   */
  async #useLateAnswers(storedMs: number): Promise<void> {
    const addresses = await this.#informer.findLate();
    const improved = this.#improvedUnits(addresses);
    // What is stored stands: without time to begin, nothing is to be repaired.
    if (!this.#options.budget.hasTimeLeft) return;
    for (const [place, unit] of improved) place.scored = { ...unit, storedMs };
    await this.#store([...improved.keys()], (address) => addresses.has(address));
  }

  #improvedUnits(addresses: ReadonlySet<string>): Map<Place, TimedUnit> {
    const improved = new Map<Place, TimedUnit>();
    for (const place of this.#places) {
      const { waiting: unit, scored: before } = place;
      if (unit === undefined || before === undefined || !this.#informer.concerns(unit, addresses)) continue;
      // Of a unit that is stored in part, what is not stored must not be named now.
      if (messageIdsOf(unit).some((messageId) => this.#failures.hasFailed(messageId))) continue;
      const after = this.#failures.spare('scoring again', () => this.#scoreNow(unit));
      // A defect that shows only now must not cost what is stored.
      if (after === undefined || after.defects.length > before.defects.length) continue;
      improved.set(place, { ...after, milliseconds: before.milliseconds });
    }
    return improved;
  }
}

function messageIdsOf({ sources }: ReadUnit): string[] {
  return sources.flatMap(({ messages }) => messages.map(({ messageId }) => messageId));
}

function storedUnit({ scored, stored }: Place): StoredUnit[] {
  if (scored === undefined || stored === undefined) return [];
  const { read, milliseconds } = scored;
  const repetitions = read.sources.reduce((sum, { messages }) => sum + messages.length - 1, 0);
  return [{ unit: read.unit, milliseconds, statistics: stored.statistics, repetitions }];
}
