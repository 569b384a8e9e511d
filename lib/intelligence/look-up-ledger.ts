import type { KeptAnswer, KeptAnswers } from './kept-answers.ts';
import type { ApiKey, ApiKeys } from './keys/api-keys.ts';
import type { NamedLists } from './lists/named-lists.ts';
import type { LookUp, LookUpOutcome, LookUpSource, LookUps, Subject } from './look-up.ts';
import type { LookUpFigures, ProviderFigures } from './look-up-figures.ts';
import { PROVIDER_NAMES, type ProviderName } from './providers/provider.ts';
import type { DeskOutcome, ProviderDesk } from './providers/provider-desk.ts';

/** What the ledger needs to know about the sources. */
export interface LedgerSources {
  readonly keys: ApiKeys;
  readonly desks: Readonly<Record<ProviderName, ProviderDesk>>;
  readonly lists: NamedLists;
  readonly now: () => number;
}

/** The result of one source for one address. */
interface Settled {
  readonly lookUp: LookUp;
  /** The answer is from an earlier look-up. */
  readonly isKept?: boolean;
  /** How the provider's call for this address ended, if there was one. */
  readonly call?: 'answered' | 'failed';
}

interface Entry {
  readonly subject: Subject;
  readonly settled: { [Source in LookUpSource]?: Settled };
  /** Answers that are too old to be served unless there is no better one. */
  readonly old: { [Name in ProviderName]?: KeptAnswer };
  /** The result, once it can no longer change. */
  lookUps?: LookUps | undefined;
}

/** Keeps track of the sources wanted for each address, the results, and the results already given to callers. */
export class LookUpLedger {
  readonly #sources: LedgerSources;
  readonly #entries = new Map<string, Entry>();
  /** Results given for addresses about which providers may still answer. */
  readonly #open = new Map<string, LookUps>();

  constructor(sources: LedgerSources) {
    this.#sources = sources;
  }

  /** Adds an address; if it is already there, its sources and connections are added. */
  add(subject: Subject): void {
    const { address } = subject;
    const known = this.#entries.get(address);
    const entry: Entry =
      known === undefined
        ? { subject, settled: {}, old: {} }
        : { ...known, subject: joined(known.subject, subject), lookUps: undefined };
    this.#entries.set(address, entry);
    if (entry.settled.listings !== undefined || !entry.subject.sources.has('listings')) return;
    const matches = this.#sources.lists.find(address, this.#sources.now());
    if (matches.length > 0) entry.settled.listings = { lookUp: { outcome: 'found', matches } };
  }

  /** The current look-up results for an address; undefined if there are none. */
  lookUpsOf(address: string): LookUps | undefined {
    const entry = this.#entries.get(address);
    if (entry === undefined) return undefined;
    if (entry.lookUps !== undefined) return entry.lookUps;
    const lookUps = this.#lookUpsIn(entry);
    if (lookUps === undefined) return undefined;
    if (Object.values(lookUps).some(mayChange)) this.#open.set(address, lookUps);
    else {
      entry.lookUps = lookUps;
      this.#open.delete(address);
    }
    return lookUps;
  }

  /** @returns the addresses with new results since the last ones were given, because a provider was asked */
  changed(): Set<string> {
    const changed = [...this.#open].filter(([address, before]) => {
      const entry = this.#entries.get(address);
      const now = (entry && this.#lookUpsIn(entry)) ?? {};
      return PROVIDER_NAMES.some(
        (name) => before[name]?.outcome !== now[name]?.outcome && !isUnasked(now[name]),
      );
    });
    return new Set(changed.map(([address]) => address));
  }

  figures(): LookUpFigures {
    const providers: Partial<Record<ProviderName, ProviderFigures>> = {};
    for (const name of PROVIDER_NAMES) {
      const key = this.#sources.keys[name];
      if (key !== undefined) providers[name] = this.#figuresOf(name, this.#sources.desks[name], key);
    }
    const listed = [...this.#entries.values()].filter(({ settled }) => settled.listings !== undefined).length;
    return { providers, listed };
  }

  /** The providers that have a key and no result for an address yet. */
  unsettled(address: string): ProviderName[] {
    const entry = this.#entries.get(address);
    return entry === undefined ? [] : this.#wanted(entry).filter((name) => entry.settled[name] === undefined);
  }

  /** Settles what stored answers can settle; older ones are used only if a provider is down. */
  recall(address: string, answers: KeptAnswers): void {
    const entry = this.#entries.get(address);
    const nowMs = this.#sources.now();
    if (entry === undefined) return;
    for (const name of this.#wanted(entry)) {
      const kept = answers[name];
      if (kept === undefined) continue;
      if (kept.freshUntilMs > nowMs) {
        entry.settled[name] = { ...this.#answered(name, kept), isKept: true };
      } else entry.old[name] = kept;
    }
  }

  /**
   * Addresses to ask a provider about, in the order in which a quota does most: first those that talk with the site and
   * about which nothing is known, then those that only knock, then those that lists or other providers know; each by
   * number of connections.
   */
  open(name: ProviderName): string[] {
    const entries = [...this.#entries.values()].filter(
      (entry) => entry.subject.sources.has(name) && entry.settled[name] === undefined,
    );
    const rank = new Map(entries.map((entry) => [entry, rankOf(entry)]));
    return entries
      .sort(
        (a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || b.subject.connections - a.subject.connections,
      )
      .map(({ subject }) => subject.address);
  }

  settle(address: string, name: ProviderName, outcome: DeskOutcome): void {
    const entry = this.#entries.get(address);
    if (entry === undefined) return;
    const settled = this.#settled(name, outcome, entry.old[name]);
    const call = outcome.outcome === 'failed' ? 'failed' : 'answered';
    entry.settled[name] = outcome.wasAsked === true ? { ...settled, call } : settled;
  }

  #settled(name: ProviderName, outcome: DeskOutcome, old: KeptAnswer | undefined): Settled {
    if (outcome.outcome === 'answered') return this.#answered(name, outcome.kept);
    const reason = outcome.outcome === 'elsewhere' ? 'late' : outcome.outcome;
    const isDown = reason === 'failed' || reason === 'circuit_open';
    if (!isDown || old?.answer.kind !== 'known') return { lookUp: { outcome: reason } };
    return { lookUp: { ...this.#answered(name, old).lookUp, outcome: 'stale' } };
  }

  #answered(name: ProviderName, { answer, answeredAtMs }: KeptAnswer): Settled {
    const { from } = this.#sources.desks[name];
    return {
      lookUp: {
        outcome: answer.kind === 'known' ? 'found' : answer.kind,
        ...(answer.kind === 'known' && { intel: answer.intel }),
        answered_at: Math.floor(answeredAtMs / 1000),
        ...(from !== undefined && { from }),
      },
    };
  }

  #lookUpsIn(entry: Entry): LookUps | undefined {
    const lookUps: Partial<Record<LookUpSource, LookUp>> = {};
    let isEmpty = true;
    for (const name of this.#wanted(entry)) {
      lookUps[name] = (entry.settled[name] ?? LATE).lookUp;
      isEmpty = false;
    }
    const listed = entry.settled.listings;
    if (listed === undefined) return isEmpty ? undefined : (lookUps as LookUps);
    return { ...lookUps, listings: listed.lookUp } as LookUps;
  }

  #wanted({ subject }: Entry): ProviderName[] {
    return PROVIDER_NAMES.filter(
      (name) => subject.sources.has(name) && this.#sources.keys[name] !== undefined,
    );
  }

  #figuresOf(name: ProviderName, desk: ProviderDesk, key: ApiKey): ProviderFigures {
    const outcomes: Partial<Record<LookUpOutcome, number>> = {};
    let [calls, failures, cacheHits] = [0, 0, 0];
    for (const entry of this.#entries.values()) {
      if (!entry.subject.sources.has(name)) continue;
      const { lookUp, isKept, call } = entry.settled[name] ?? LATE;
      outcomes[lookUp.outcome] = (outcomes[lookUp.outcome] ?? 0) + 1;
      if (isKept === true) cacheHits++;
      if (call !== undefined) calls++;
      if (call === 'failed') failures++;
    }
    return {
      calls,
      failures,
      cacheHits,
      outcomes,
      isCircuitOpen: desk.isCircuitOpen,
      isKeyRefused: desk.isKeyRefused(key),
    };
  }
}

/** Pending answers come late, and a call that another address turned out not to need may go to one that had none. */
function mayChange({ outcome }: LookUp): boolean {
  return outcome === 'late' || outcome === 'no_quota';
}

/** "Not asked" is no reason to write a verdict again, which in an outage would affect every address. */
function isUnasked(lookUp: LookUp | undefined): boolean {
  return lookUp?.outcome === 'no_quota' || lookUp?.outcome === 'circuit_open';
}

const LATE: Settled = { lookUp: { outcome: 'late' } };

function rankOf(entry: Entry): number {
  if (hasEvidence(entry)) return 2;
  return entry.subject.isKnocking ? 1 : 0;
}

function hasEvidence({ subject, settled }: Entry): boolean {
  return (
    subject.hasEvidence ||
    Object.values(settled).some(({ lookUp }) => lookUp.intel !== undefined || lookUp.matches !== undefined)
  );
}

function joined(one: Subject, other: Subject): Subject {
  return {
    address: one.address,
    sources: other.sources.isSubsetOf(one.sources) ? one.sources : one.sources.union(other.sources),
    hasEvidence: one.hasEvidence || other.hasEvidence,
    isKnocking: one.isKnocking && other.isKnocking,
    connections: one.connections + other.connections,
  };
}
