import { Intelligence } from '../../lib/intelligence/intelligence.ts';
import type { AnswerStore, KeptAnswer, KeptAnswers } from '../../lib/intelligence/kept-answers.ts';
import { refreshedKeys } from '../../lib/intelligence/keys/api-keys.ts';
import { refreshedLists } from '../../lib/intelligence/lists/named-lists.ts';
import type { ListStore } from '../../lib/intelligence/lists/stored-list.ts';
import type { LookUpSource, Subject } from '../../lib/intelligence/look-up.ts';
import { PROVIDER_NAMES, type ProviderName } from '../../lib/intelligence/providers/provider.ts';
import { ProviderDesk } from '../../lib/intelligence/providers/provider-desk.ts';
import { PROVIDERS } from '../../lib/intelligence/providers/providers.ts';
import type { QuotaState } from '../../lib/intelligence/quota/quota.ts';
import type { QuotaStore } from '../../lib/intelligence/quota/quota-lease.ts';
import { packedAddresses, storedList } from './lists.ts';

/** Answers and announcements of calls, as the table keeps them. */
export class MemoryAnswers implements AnswerStore {
  readonly kept = new Map<string, KeptAnswers>();
  readonly claims = new Map<string, number>();
  readonly reads: (readonly string[])[] = [];
  isDown = false;

  async read(addresses: readonly string[]): Promise<Map<string, KeptAnswers>> {
    this.reads.push(addresses);
    if (this.isDown) return new Map();
    return new Map(addresses.map((address) => [address, this.kept.get(address) ?? {}]));
  }

  async claim(provider: ProviderName, address: string, nowMs: number, untilMs: number): Promise<boolean> {
    if (this.isDown) throw new Error('down');
    const name = `${provider} ${address}`;
    if ((this.claims.get(name) ?? 0) > nowMs) return false;
    if ((this.kept.get(address)?.[provider]?.freshUntilMs ?? 0) > nowMs) return false;
    this.claims.set(name, untilMs);
    return true;
  }

  async keep(provider: ProviderName, address: string, kept: KeptAnswer): Promise<void> {
    if (this.isDown) throw new Error('down');
    this.kept.set(address, { ...this.kept.get(address), [provider]: kept });
  }
}

/** The state of quotas, as the table keeps it. */
export function memoryQuota(): QuotaStore {
  const states = new Map<ProviderName, { state: QuotaState; revision: number }>();
  return {
    read: async (provider) => states.get(provider) ?? { state: { counts: [] }, revision: 0 },
    replace: async (provider, state, revision) => {
      if ((states.get(provider)?.revision ?? 0) !== revision) return false;
      states.set(provider, { state, revision: revision + 1 });
      return true;
    },
  };
}

export interface LookUpSetUp {
  readonly baseUrl: string;
  readonly answers?: AnswerStore;
  readonly quota?: QuotaStore;
  readonly keys?: Readonly<Partial<Record<ProviderName, string>>>;
  /** Addresses that the one list names. */
  readonly listed?: readonly string[];
  readonly areKeysDown?: boolean;
  readonly areListsDown?: boolean;
  readonly isListIncomplete?: boolean;
  readonly callsPerMinute?: number;
  readonly waitMs?: number;
  readonly callTimeoutMs?: number;
  readonly now?: () => number;
}

/** Both providers at one URL, with keys unless said otherwise. */
export function lookUp(options: LookUpSetUp): Intelligence {
  const { baseUrl, answers = new MemoryAnswers(), quota = memoryQuota(), now = Date.now } = options;
  const { keys = { virustotal: 'key', abuseipdb: 'key' }, listed = [] } = options;
  const { callsPerMinute = 60, waitMs = 5_000, callTimeoutMs = 2_000 } = options;
  const budget = [{ calls: callsPerMinute, milliseconds: 60_000 }];
  const desk = (name: ProviderName) =>
    new ProviderDesk({
      provider: PROVIDERS[name],
      baseUrl,
      budget,
      callTimeoutMs,
      knownMs: 3_600_000,
      unknownMs: 600_000,
      answers,
      quota,
      now,
    });
  const versioned = PROVIDER_NAMES.flatMap((name) => {
    const key = keys[name];
    return key === undefined ? [] : [[name, { key, version: 1 }] as const];
  });
  return new Intelligence({
    desks: { virustotal: desk('virustotal'), abuseipdb: desk('abuseipdb') },
    keys: refreshedKeys(
      async () => {
        if (options.areKeysDown === true) throw new Error('down');
        return Object.fromEntries(versioned);
      },
      { maxAgeMs: 300_000, onProblem: () => {}, now },
    ),
    lists: refreshedLists(
      options.areListsDown === true ? NO_LISTS : oneList(listed, options.isListIncomplete),
      {
        maxAgeMs: 30_000,
        onProblem: () => {},
        now,
      },
    ),
    answers,
    waitMs,
    callTimeoutMs,
    withDocumentation: true,
    now,
  });
}

const NO_LISTS: ListStore = {
  list: () => Promise.reject(new Error('down')),
  load: async () => undefined,
};

/** A store with one list, which names some addresses; empty if there are none. Of an incomplete one a part is missing. */
function oneList(addresses: readonly string[], isIncomplete = false): ListStore {
  return {
    list: async () => (addresses.length > 0 ? [storedList('made-up')] : []),
    load: async () => (isIncomplete ? undefined : packedAddresses(addresses)),
  };
}

export function subject(address: string, overrides: Partial<Omit<Subject, 'address'>> = {}): Subject {
  return {
    address,
    sources: new Set<LookUpSource>(['virustotal', 'abuseipdb', 'listings']),
    hasEvidence: false,
    isKnocking: false,
    connections: 1,
    ...overrides,
  };
}
