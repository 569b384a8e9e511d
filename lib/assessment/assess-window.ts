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

/** The result of a window. */
export interface WindowOutcome {
  /** Units that are stored, at least in part. */
  readonly units: readonly StoredUnit[];
  /** New announcements in the outbox. */
  readonly announcements: number;
  readonly freshness: Freshness;
  readonly lookUps: LookUpFigures | undefined;
}

/**
 * Records that are scored before they are written. An ordinary batch is one window, so that its verdicts don't wait for
 * writes; a larger batch takes no more memory.
 */
const WINDOW_RECORDS = 5_000;

/** Figures of a stored unit. */
export interface StoredUnit extends Pick<SummarizedUnit, 'statistics'> {
  readonly unit: string;
  /** See `TimedUnit`. */
  readonly milliseconds: number;
  /** Deliveries of the same body other than those counted. */
  readonly repetitions: number;
}

/** A unit in the window; its records are kept only as long as it may be scored again. */
interface Place {
  readonly beganAtMs: number;
  readonly waiting?: ReadUnit;
  scored?: TimedUnit | undefined;
  stored?: SummarizedUnit | undefined;
}

/**
 * The steps that messages go through:
 *
 * ```
 * read  ->  inform  ->  score  ->  store, announce
 *              |                                       once more for units whose answers came late
 *              '-----> score  ->  store, announce
 * ```
 *
 * A unit is scored as soon as it is read, unless memory lacks something that can be looked up about its addresses.
 */
export class AssessmentWindow {
  readonly #options: WindowOptions;
  readonly #failures: BatchFailures;
  readonly #informer: Informer;
  /** In order of arrival. */
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
   * Adds a unit, and scores it if nothing has to be looked up.
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

  /** Scores the units that waited for answers, stores everything, and then uses the answers that came late. */
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
   * Scores and stores the units again for which late answers came; their first verdicts were in time. If this is
   * interrupted, items and summary may disagree, so the message has to be delivered again.
   *
   * @param storedMs when they were stored, milliseconds since the invocation's start
   */
  async #useLateAnswers(storedMs: number): Promise<void> {
    const addresses = await this.#informer.findLate();
    const improved = this.#improvedUnits(addresses);
    // The stored verdicts stand: if there is no time to begin, nothing has to be repaired.
    if (!this.#options.budget.hasTimeLeft) return;
    for (const [place, unit] of improved) place.scored = { ...unit, storedMs };
    await this.#store([...improved.keys()], (address) => addresses.has(address));
  }

  #improvedUnits(addresses: ReadonlySet<string>): Map<Place, TimedUnit> {
    const improved = new Map<Place, TimedUnit>();
    for (const place of this.#places) {
      const { waiting: unit, scored: before } = place;
      if (unit === undefined || before === undefined || !this.#informer.concerns(unit, addresses)) continue;
      // In a unit that failed in part, the unstored items must not be named now.
      if (messageIdsOf(unit).some((messageId) => this.#failures.hasFailed(messageId))) continue;
      const after = this.#failures.spare('scoring again', () => this.#scoreNow(unit));
      // A defect that appears only in the second round must not cost what is stored.
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
