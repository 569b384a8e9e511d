import type { RefreshedValueOptions } from '../../lib/aws/refreshed-value.ts';
import { Intelligence } from '../../lib/intelligence/intelligence.ts';
import { type ReadApiKeys, refreshedKeys } from '../../lib/intelligence/keys/api-keys.ts';
import { refreshedLists } from '../../lib/intelligence/lists/named-lists.ts';
import type { ProviderName } from '../../lib/intelligence/providers/provider.ts';
import { ProviderDesk } from '../../lib/intelligence/providers/provider-desk.ts';
import { PROVIDERS } from '../../lib/intelligence/providers/providers.ts';
import type { QuotaWindow } from '../../lib/intelligence/quota/quota.ts';
import { createAnswerStore } from '../../lib/store/answer-store.ts';
import { createListStore } from '../../lib/store/list-store.ts';
import { createQuotaStore } from '../../lib/store/quota-store.ts';
import type { TableAccess } from '../../lib/store/table-access.ts';

export interface IntelligenceSettings {
  /** Address of each provider; its public URL means the provider itself. */
  readonly baseUrls: Readonly<Record<ProviderName, string>>;
  readonly budgets: Readonly<Record<ProviderName, readonly QuotaWindow[]>>;
  /** How long a "known" and an "unknown" answer are used, milliseconds. */
  readonly knownMs: number;
  readonly unknownMs: number;
  readonly callTimeoutMs: number;
  /** How long from an invocation's start its verdicts wait for providers, milliseconds. */
  readonly waitMs: number;
  readonly readKeys: ReadApiKeys;
  /** How long keys are used before they are read again, milliseconds. */
  readonly keysMaxAgeMs: number;
  /** How long lists are used before the table is checked for newer ones, milliseconds. */
  readonly listsMaxAgeMs: number;
  readonly onKeysProblem: RefreshedValueOptions<unknown>['onProblem'];
  readonly onListsProblem: RefreshedValueOptions<unknown>['onProblem'];
}

/** Creates the parts of look-ups: table, providers, keys and lists. */
export function createIntelligence(table: TableAccess, settings: IntelligenceSettings): Intelligence {
  const { baseUrls, budgets, callTimeoutMs, waitMs } = settings;
  const origin = standInOrigin(baseUrls);
  const answers = createAnswerStore(table, origin);
  const quota = createQuotaStore(table, origin);
  const deskFor = (name: ProviderName) =>
    new ProviderDesk({
      ...settings,
      provider: PROVIDERS[name],
      baseUrl: baseUrls[name],
      budget: budgets[name],
      answers,
      quota,
    });
  return new Intelligence({
    desks: { virustotal: deskFor('virustotal'), abuseipdb: deskFor('abuseipdb') },
    keys: refreshedKeys(settings.readKeys, {
      maxAgeMs: settings.keysMaxAgeMs,
      onProblem: settings.onKeysProblem,
    }),
    lists: refreshedLists(createListStore(table), {
      maxAgeMs: settings.listsMaxAgeMs,
      onProblem: settings.onListsProblem,
    }),
    answers,
    waitMs,
    callTimeoutMs,
    withDocumentation: Object.values(baseUrls).every(isOnThisMachine),
  });
}

/** Names the stand-ins, whose answers are stored separately from those of the providers; empty if there are none. */
function standInOrigin(baseUrls: IntelligenceSettings['baseUrls']): string {
  const standIns = Object.entries(baseUrls).filter(
    ([name, baseUrl]) => baseUrl !== PROVIDERS[name as ProviderName].baseUrl,
  );
  return standIns.map(([name, baseUrl]) => `${name}=${baseUrl}`).join(' ');
}

function isOnThisMachine(baseUrl: string): boolean {
  return new URL(baseUrl).protocol === 'http:';
}
