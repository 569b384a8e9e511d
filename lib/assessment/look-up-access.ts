import { Intelligence } from '../intelligence/intelligence.ts';
import { type ApiKeys, CachedApiKeys, type ReadApiKeys } from '../intelligence/keys/api-keys.ts';
import { Blocklists } from '../intelligence/lists/blocklists.ts';
import type { ProviderName } from '../intelligence/providers/provider.ts';
import { ProviderDesk } from '../intelligence/providers/provider-desk.ts';
import { PROVIDERS } from '../intelligence/providers/providers.ts';
import type { QuotaWindow } from '../intelligence/quota/quota.ts';
import { createAnswerStore } from '../store/answer-store.ts';
import { createBlocklistStore } from '../store/blocklist-store.ts';
import { createQuotaStore } from '../store/quota-store.ts';
import type { TableAccess } from '../store/table-access.ts';

/** Intelligence to be looked up in one batch. */
export interface LookUpAccess {
  readonly service: Intelligence;
  /** Keys of the providers to be asked. */
  readonly keys: ApiKeys;
  /** Whether the addresses of examples are looked up too. */
  readonly withDocumentation: boolean;
}

export interface LookUpSettings {
  /** Where each provider is asked; its own URL means the provider itself. */
  readonly baseUrls: Readonly<Record<ProviderName, string>>;
  readonly budgets: Readonly<Record<ProviderName, readonly QuotaWindow[]>>;
  /** How long an answer is used, and how long one that the address is not known, milliseconds. */
  readonly knownMs: number;
  readonly unknownMs: number;
  readonly callTimeoutMs: number;
  /** How long from an invocation's start its verdicts wait for providers, milliseconds. */
  readonly waitMs: number;
  readonly readKeys: ReadApiKeys;
  /** How long keys are used before they are read again, milliseconds. */
  readonly keysMaxAgeMs: number;
  readonly onKeyFailure: (error: unknown) => void;
  readonly now?: () => number;
}

/** Time for the table before and after a call. */
const CALL_OVERHEAD_MS = 1_000;

/** Opens the sources of intelligence for a batch; undefined where there are none, and nothing is to be looked up. */
export type OpenLookUp = () => Promise<LookUpAccess | undefined>;

/** Puts together what looking up takes: table, providers, keys and offline sets. */
export function createLookUp(table: TableAccess, settings: LookUpSettings): OpenLookUp {
  const { baseUrls, budgets, callTimeoutMs, waitMs, now } = settings;
  const origin = standInOrigin(baseUrls);
  const answers = createAnswerStore(table, origin);
  const quota = createQuotaStore(table, origin);
  const clock = now === undefined ? {} : { now };
  const deskFor = (name: ProviderName) =>
    new ProviderDesk({
      ...settings,
      ...clock,
      provider: PROVIDERS[name],
      baseUrl: baseUrls[name],
      budget: budgets[name],
      answers,
      quota,
    });
  const keys = new CachedApiKeys(settings.readKeys, settings.keysMaxAgeMs, now);
  keys.onFailure = settings.onKeyFailure;
  const service = new Intelligence({
    desks: { virustotal: deskFor('virustotal'), abuseipdb: deskFor('abuseipdb') },
    keys,
    answers,
    blocklists: new Blocklists(createBlocklistStore(table), now),
    waitMs,
    longestMs: callTimeoutMs + CALL_OVERHEAD_MS,
    ...clock,
  });
  const withDocumentation = Object.values(baseUrls).every(isOnThisMachine);
  return async () => {
    const opened = await service.open();
    return opened && { service, keys: opened, withDocumentation };
  };
}

/** Tells what stand-ins answer from what the providers do; empty where they answer themselves. */
function standInOrigin(baseUrls: LookUpSettings['baseUrls']): string {
  const standIns = Object.entries(baseUrls).filter(
    ([name, baseUrl]) => baseUrl !== PROVIDERS[name as ProviderName].baseUrl,
  );
  return standIns.map(([name, baseUrl]) => `${name}=${baseUrl}`).join(' ');
}

function isOnThisMachine(baseUrl: string): boolean {
  return new URL(baseUrl).protocol === 'http:';
}
