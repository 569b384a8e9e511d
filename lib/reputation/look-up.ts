import type { ApiKey, ApiKeys, CachedApiKeys } from './api-keys.ts';
import type { Blocklists } from './blocklists.ts';
import { type AnswerStore, type KeptAnswer, type KeptAnswers, RememberedAnswers } from './kept-answers.ts';
import type { Lookup, LookupOutcome, LookupSource, Lookups, Subject } from './lookup.ts';
import { PROVIDER_NAMES, type ProviderName } from './provider.ts';
import type { DeskOutcome, ProviderDesk } from './provider-desk.ts';

export interface LookUpOptions {
  readonly desks: Readonly<Record<ProviderName, ProviderDesk>>;
  readonly keys: CachedApiKeys;
  readonly answers: AnswerStore;
  readonly blocklists: Blocklists;
  /** How long from an invocation's start its verdicts may wait for providers, milliseconds. */
  readonly waitMs: number;
  /** How long all that a batch looks up may take, milliseconds. */
  readonly longestMs: number;
  readonly now?: () => number;
}

/** The longest that verdicts wait for the table and for the keys: usually a few milliseconds, once in a while. */
const TABLE_PATIENCE_MS = 500;
/** Addresses about which the table is asked for one batch, those with most connections first. */
const MOST_READ = 2_000;

/** Figures of one round, for metrics: addresses by outcome, and whether an answer was one that was kept. */
export interface LookUpFigures {
  readonly providers: Readonly<Partial<Record<ProviderName, ProviderFigures>>>;
  readonly listed: number;
}

export interface ProviderFigures {
  readonly calls: number;
  readonly failures: number;
  /** Answers that were kept from an earlier look-up. */
  readonly cacheHits: number;
  readonly outcomes: Readonly<Partial<Record<LookupOutcome, number>>>;
  readonly isCircuitOpen: boolean;
  readonly isKeyRefused: boolean;
}

/** Looks up addresses in all sources that are there: memory, the table, then the providers. */
export class LookUp {
  readonly #options: LookUpOptions;
  readonly #memory: RememberedAnswers;
  readonly #now: () => number;

  constructor(options: LookUpOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#memory = new RememberedAnswers(this.#now);
  }

  /**
   * Finds out which sources there are; where that takes long, an invocation goes on with those that it knows.
   *
   * @returns undefined where there are none, so that there is nothing to look up
   */
  async open(): Promise<ApiKeys | undefined> {
    const { keys, blocklists } = this.#options;
    const patience = sleep(TABLE_PATIENCE_MS);
    const [current] = await Promise.all([keys.current(patience.over), blocklists.ready(patience.over)]);
    patience.cancel();
    return Object.keys(current).length === 0 && blocklists.isEmpty ? undefined : current;
  }

  /**
   * Finds out what is known about addresses, within the time that verdicts can wait; what takes longer goes on and
   * is there when the round is complete. Never throws: what cannot be found out is said in the outcome.
   *
   * @param startedAtMs start of the invocation
   * @param deadlineMs when all must be over, epoch milliseconds
   */
  async start(
    keys: ApiKeys,
    subjects: readonly Subject[],
    startedAtMs: number,
    deadlineMs: number,
  ): Promise<LookUpRound> {
    const { waitMs, longestMs } = this.#options;
    const round = new LookUpRound(this.#options, keys, subjects);
    await this.#recall(round, subjects, Math.min(deadlineMs, this.#now() + TABLE_PATIENCE_MS));
    round.completion = this.#ask(round, Math.min(deadlineMs, this.#now() + longestMs));
    const wait = sleep(startedAtMs + waitMs - this.#now());
    await Promise.race([round.completion, wait.over]);
    wait.cancel();
    return round;
  }

  /** Takes what memory and table have. */
  async #recall(round: LookUpRound, subjects: readonly Subject[], deadlineMs: number): Promise<void> {
    const unread: string[] = [];
    for (const { address } of subjects) {
      const wanted = round.unsettled(address);
      if (wanted.length === 0) continue;
      const answers = this.#memory.recall(address, wanted);
      if (answers !== undefined) round.recall(address, answers, this.#now());
      else unread.push(address);
    }
    if (unread.length === 0) return;
    const reading = unread.slice(0, MOST_READ);
    const read = await this.#options.answers.read(reading, deadlineMs).catch(() => undefined);
    if (read === undefined) return;
    for (const address of reading) {
      const answers = read.get(address) ?? {};
      this.#memory.remember(address, answers);
      round.recall(address, answers, this.#now());
    }
  }

  /** Asks providers what is still open, the addresses that matter most first. */
  async #ask(round: LookUpRound, endsAtMs: number): Promise<void> {
    const { desks, answers } = this.#options;
    const elsewhere = new Set<string>();
    const rounds = PROVIDER_NAMES.map(async (name) => {
      const key = round.keys[name];
      const open = round.open(name);
      if (key === undefined || open.length === 0) return;
      await desks[name].askAbout(open, key, endsAtMs, (address, outcome) => {
        if (outcome.outcome === 'answered') this.#memory.add(address, name, outcome.kept);
        else if (outcome.outcome === 'elsewhere') elsewhere.add(address);
        round.settle(address, name, outcome);
      });
    });
    await Promise.all(rounds);
    if (elsewhere.size === 0) return;
    const read = await answers.read([...elsewhere], endsAtMs).catch(() => undefined);
    for (const [address, kept] of read ?? []) {
      this.#memory.remember(address, kept);
      round.recall(address, kept, this.#now());
    }
  }
}

/** What one source came to for one address. */
interface Settled {
  readonly lookup: Lookup;
  /** The answer was kept from an earlier look-up. */
  readonly isKept?: boolean;
}

interface Entry {
  readonly subject: Subject;
  readonly settled: Map<LookupSource, Settled>;
  /** Answers that are too old to be served but for want of a better one. */
  readonly old: Map<ProviderName, KeptAnswer>;
}

/** The look-ups of one batch. */
export class LookUpRound {
  readonly keys: ApiKeys;
  readonly #options: LookUpOptions;
  readonly #entries = new Map<string, Entry>();
  /** Settles when nothing more will be found out. */
  completion: Promise<void> = Promise.resolve();
  /** What a snapshot said of sources that may still answer, by address. */
  readonly #open = new Map<string, Lookups>();

  constructor(options: LookUpOptions, keys: ApiKeys, subjects: readonly Subject[]) {
    this.#options = options;
    this.keys = keys;
    for (const subject of subjects) {
      const entry: Entry = { subject, settled: new Map(), old: new Map() };
      this.#entries.set(subject.address, entry);
      const listed = subject.sources.has('blocklist') ? options.blocklists.find(subject.address) : undefined;
      if (listed === undefined) continue;
      const { sets, ...intel } = listed;
      entry.settled.set('blocklist', { lookup: { outcome: 'found', intel, sets } });
    }
  }

  /** What was looked up about each address until now; undefined where nothing was. */
  snapshot(): (address: string) => Lookups | undefined {
    const known = new Map<string, Lookups>();
    for (const address of this.#entries.keys()) {
      const lookups = this.#lookupsOf(address);
      if (lookups === undefined) continue;
      known.set(address, lookups);
      if (Object.values(lookups).some(mayChange)) this.#open.set(address, lookups);
    }
    return (address) => known.get(address);
  }

  /** Waits for all answers. @returns the addresses of which there is more to say than a snapshot said */
  async complete(): Promise<Set<string>> {
    if (this.#open.size > 0) await this.completion;
    const changed = [...this.#open].filter(([address, before]) => {
      const now = this.#lookupsOf(address) ?? {};
      return PROVIDER_NAMES.some((name) => before[name]?.outcome !== now[name]?.outcome);
    });
    return new Set(changed.map(([address]) => address));
  }

  #lookupsOf(address: string): Lookups | undefined {
    const entry = this.#entries.get(address);
    if (entry === undefined) return undefined;
    const lookups: Partial<Record<LookupSource, Lookup>> = {};
    for (const name of this.#wanted(entry)) lookups[name] = (entry.settled.get(name) ?? LATE).lookup;
    const listed = entry.settled.get('blocklist');
    if (listed !== undefined) lookups.blocklist = listed.lookup;
    return Object.keys(lookups).length === 0 ? undefined : (lookups as Lookups);
  }

  figures(): LookUpFigures {
    const { desks } = this.#options;
    const providers: Partial<Record<ProviderName, ProviderFigures>> = {};
    for (const name of PROVIDER_NAMES) {
      const key = this.keys[name];
      if (key !== undefined) providers[name] = this.#figuresOf(name, desks[name], key);
    }
    const listed = [...this.#entries.values()].filter(({ settled }) => settled.has('blocklist')).length;
    return { providers, listed };
  }

  /** The providers that have a key and have not settled for an address. */
  unsettled(address: string): ProviderName[] {
    const entry = this.#entries.get(address);
    return entry === undefined ? [] : this.#wanted(entry).filter((name) => !entry.settled.has(name));
  }

  /** Settles what kept answers can settle; older ones are put by. */
  recall(address: string, answers: KeptAnswers, nowMs: number): void {
    const entry = this.#entries.get(address);
    if (entry === undefined) return;
    for (const name of this.#wanted(entry)) {
      const kept = answers[name];
      if (kept === undefined) continue;
      if (kept.freshUntilMs > nowMs) {
        entry.settled.set(name, { ...this.#answered(name, kept), isKept: true });
      } else entry.old.set(name, kept);
    }
  }

  /** Addresses about which a provider is to be asked: without evidence first, then by connections. */
  open(name: ProviderName): string[] {
    const entries = [...this.#entries.values()].filter(
      (entry) => entry.subject.sources.has(name) && !entry.settled.has(name),
    );
    const rank = new Map(entries.map((entry) => [entry, hasEvidence(entry) ? 1 : 0]));
    return entries
      .sort(
        (a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || b.subject.connections - a.subject.connections,
      )
      .map(({ subject }) => subject.address);
  }

  settle(address: string, name: ProviderName, outcome: DeskOutcome): void {
    const entry = this.#entries.get(address);
    if (entry === undefined) return;
    entry.settled.set(name, this.#settled(name, outcome, entry.old.get(name)));
  }

  #settled(name: ProviderName, outcome: DeskOutcome, old: KeptAnswer | undefined): Settled {
    if (outcome.outcome === 'answered') return this.#answered(name, outcome.kept);
    const reason = outcome.outcome === 'elsewhere' ? 'late' : outcome.outcome;
    const isDown = reason === 'failed' || reason === 'circuit_open';
    if (!isDown || old?.answer.kind !== 'known') return { lookup: { outcome: reason } };
    return { lookup: { ...this.#answered(name, old).lookup, outcome: 'stale' } };
  }

  #answered(name: ProviderName, { answer, answeredAtMs }: KeptAnswer): Settled {
    const { from } = this.#options.desks[name];
    return {
      lookup: {
        outcome: answer.kind === 'known' ? 'found' : answer.kind,
        ...(answer.kind === 'known' && { intel: answer.intel }),
        answered_at: Math.floor(answeredAtMs / 1000),
        ...(from !== undefined && { from }),
      },
    };
  }

  #wanted({ subject }: Entry): ProviderName[] {
    return PROVIDER_NAMES.filter((name) => subject.sources.has(name) && this.keys[name] !== undefined);
  }

  #figuresOf(name: ProviderName, desk: ProviderDesk, key: ApiKey): ProviderFigures {
    const outcomes: Partial<Record<LookupOutcome, number>> = {};
    let cacheHits = 0;
    for (const entry of this.#entries.values()) {
      if (!entry.subject.sources.has(name)) continue;
      const { lookup, isKept } = entry.settled.get(name) ?? LATE;
      outcomes[lookup.outcome] = (outcomes[lookup.outcome] ?? 0) + 1;
      if (isKept === true) cacheHits++;
    }
    return {
      ...desk.takeCounts(),
      cacheHits,
      outcomes,
      isCircuitOpen: desk.isCircuitOpen,
      isKeyRefused: desk.isKeyRefused(key),
    };
  }
}

/** Answers that are under way come late, and a call that another address did not need may go to one without. */
function mayChange({ outcome }: Lookup): boolean {
  return outcome === 'late' || outcome === 'no_quota';
}

const LATE: Settled = { lookup: { outcome: 'late' } };

function hasEvidence({ subject, settled }: Entry): boolean {
  return subject.hasEvidence || [...settled.values()].some(({ lookup }) => lookup.intel !== undefined);
}

/** A wait that can be called off. */
function sleep(milliseconds: number): { over: Promise<void>; cancel: () => void } {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, milliseconds));
  return { over, cancel: () => clearTimeout(timer) };
}
