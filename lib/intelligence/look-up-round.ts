import type { KeptAnswer, KeptAnswers } from './kept-answers.ts';
import type { ApiKey, ApiKeys } from './keys/api-keys.ts';
import type { Blocklists } from './lists/blocklists.ts';
import type { LookUp, LookUpOutcome, LookUpSource, LookUps, Subject } from './look-up.ts';
import { PROVIDER_NAMES, type ProviderName } from './providers/provider.ts';
import type { DeskOutcome, ProviderDesk } from './providers/provider-desk.ts';

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
  readonly outcomes: Readonly<Partial<Record<LookUpOutcome, number>>>;
  readonly isCircuitOpen: boolean;
  readonly isKeyRefused: boolean;
}

/** What one source came to for one address. */
interface Settled {
  readonly lookUp: LookUp;
  /** The answer was kept from an earlier look-up. */
  readonly isKept?: boolean;
}

interface Entry {
  readonly subject: Subject;
  readonly settled: { [Source in LookUpSource]?: Settled };
  /** Answers that are too old to be served but for want of a better one. */
  readonly old: { [Name in ProviderName]?: KeptAnswer };
  /** What there is to tell, once nothing of it can change any more. */
  lookUps?: LookUps | undefined;
}

/** The look-ups of one batch: what is wanted of which address, and what came of it. */
export class LookUpRound {
  readonly keys: ApiKeys;
  readonly #desks: Readonly<Record<ProviderName, ProviderDesk>>;
  readonly #blocklists: Blocklists;
  readonly #entries = new Map<string, Entry>();
  /** Addresses about which the table may know more than memory. */
  readonly unread = new Set<string>();
  /** What was told of addresses about which providers may still answer. */
  readonly #open = new Map<string, LookUps>();
  /** Settles when nothing more will be found out. */
  completion: Promise<void> = Promise.resolve();

  constructor(keys: ApiKeys, desks: Readonly<Record<ProviderName, ProviderDesk>>, blocklists: Blocklists) {
    this.keys = keys;
    this.#desks = desks;
    this.#blocklists = blocklists;
  }

  /** Takes an address in; where it is there already, for other sources or with more connections, both count. */
  add(subject: Subject): void {
    const { address } = subject;
    const known = this.#entries.get(address);
    const entry: Entry =
      known === undefined
        ? { subject, settled: {}, old: {} }
        : { ...known, subject: joined(known.subject, subject), lookUps: undefined };
    this.#entries.set(address, entry);
    if (entry.settled.blocklist !== undefined || !entry.subject.sources.has('blocklist')) return;
    const listed = this.#blocklists.find(address);
    if (listed === undefined) return;
    const { sets, ...intel } = listed;
    entry.settled.blocklist = { lookUp: { outcome: 'found', intel, sets } };
  }

  /** What was looked up about an address until now; undefined where nothing was. */
  lookUpsOf(address: string): LookUps | undefined {
    const entry = this.#entries.get(address);
    if (entry === undefined) return undefined;
    if (entry.lookUps !== undefined) return entry.lookUps;
    const lookUps = this.#tell(entry);
    if (lookUps === undefined) return undefined;
    if (Object.values(lookUps).some(mayChange)) this.#open.set(address, lookUps);
    else {
      entry.lookUps = lookUps;
      this.#open.delete(address);
    }
    return lookUps;
  }

  /** Waits for all answers. @returns the addresses of which there is more to say than was told */
  async complete(): Promise<Set<string>> {
    if (this.#open.size > 0) await this.completion;
    const changed = [...this.#open].filter(([address, before]) => {
      const entry = this.#entries.get(address);
      const now = (entry && this.#tell(entry)) ?? {};
      return PROVIDER_NAMES.some((name) => before[name]?.outcome !== now[name]?.outcome);
    });
    return new Set(changed.map(([address]) => address));
  }

  figures(): LookUpFigures {
    const providers: Partial<Record<ProviderName, ProviderFigures>> = {};
    for (const name of PROVIDER_NAMES) {
      const key = this.keys[name];
      if (key !== undefined) providers[name] = this.#figuresOf(name, this.#desks[name], key);
    }
    const listed = [...this.#entries.values()].filter(
      ({ settled }) => settled.blocklist !== undefined,
    ).length;
    return { providers, listed };
  }

  /** The providers that have a key and have not settled for an address. */
  unsettled(address: string): ProviderName[] {
    const entry = this.#entries.get(address);
    return entry === undefined ? [] : this.#wanted(entry).filter((name) => entry.settled[name] === undefined);
  }

  /** Settles what kept answers can settle; older ones are put by. */
  recall(address: string, answers: KeptAnswers, nowMs: number): void {
    const entry = this.#entries.get(address);
    if (entry === undefined) return;
    for (const name of this.#wanted(entry)) {
      const kept = answers[name];
      if (kept === undefined) continue;
      if (kept.freshUntilMs > nowMs) {
        entry.settled[name] = { ...this.#answered(name, kept), isKept: true };
      } else entry.old[name] = kept;
    }
  }

  /** Addresses about which a provider is to be asked: without evidence first, then by connections. */
  open(name: ProviderName): string[] {
    const entries = [...this.#entries.values()].filter(
      (entry) => entry.subject.sources.has(name) && entry.settled[name] === undefined,
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
    entry.settled[name] = this.#settled(name, outcome, entry.old[name]);
  }

  #settled(name: ProviderName, outcome: DeskOutcome, old: KeptAnswer | undefined): Settled {
    if (outcome.outcome === 'answered') return this.#answered(name, outcome.kept);
    const reason = outcome.outcome === 'elsewhere' ? 'late' : outcome.outcome;
    const isDown = reason === 'failed' || reason === 'circuit_open';
    if (!isDown || old?.answer.kind !== 'known') return { lookUp: { outcome: reason } };
    return { lookUp: { ...this.#answered(name, old).lookUp, outcome: 'stale' } };
  }

  #answered(name: ProviderName, { answer, answeredAtMs }: KeptAnswer): Settled {
    const { from } = this.#desks[name];
    return {
      lookUp: {
        outcome: answer.kind === 'known' ? 'found' : answer.kind,
        ...(answer.kind === 'known' && { intel: answer.intel }),
        answered_at: Math.floor(answeredAtMs / 1000),
        ...(from !== undefined && { from }),
      },
    };
  }

  #tell(entry: Entry): LookUps | undefined {
    const lookUps: Partial<Record<LookUpSource, LookUp>> = {};
    let isEmpty = true;
    for (const name of this.#wanted(entry)) {
      lookUps[name] = (entry.settled[name] ?? LATE).lookUp;
      isEmpty = false;
    }
    const listed = entry.settled.blocklist;
    if (listed === undefined) return isEmpty ? undefined : (lookUps as LookUps);
    return { ...lookUps, blocklist: listed.lookUp } as LookUps;
  }

  #wanted({ subject }: Entry): ProviderName[] {
    return PROVIDER_NAMES.filter((name) => subject.sources.has(name) && this.keys[name] !== undefined);
  }

  #figuresOf(name: ProviderName, desk: ProviderDesk, key: ApiKey): ProviderFigures {
    const outcomes: Partial<Record<LookUpOutcome, number>> = {};
    let cacheHits = 0;
    for (const entry of this.#entries.values()) {
      if (!entry.subject.sources.has(name)) continue;
      const { lookUp, isKept } = entry.settled[name] ?? LATE;
      outcomes[lookUp.outcome] = (outcomes[lookUp.outcome] ?? 0) + 1;
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
function mayChange({ outcome }: LookUp): boolean {
  return outcome === 'late' || outcome === 'no_quota';
}

const LATE: Settled = { lookUp: { outcome: 'late' } };

function hasEvidence({ subject, settled }: Entry): boolean {
  return subject.hasEvidence || Object.values(settled).some(({ lookUp }) => lookUp.intel !== undefined);
}

function joined(one: Subject, other: Subject): Subject {
  return {
    address: one.address,
    sources: other.sources.isSubsetOf(one.sources) ? one.sources : one.sources.union(other.sources),
    hasEvidence: one.hasEvidence || other.hasEvidence,
    connections: one.connections + other.connections,
  };
}
