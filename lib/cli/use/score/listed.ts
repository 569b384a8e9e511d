import { dayOfConnection, effectiveListings } from '../../../intelligence/lists/effective-listings.ts';
import { NamedLists } from '../../../intelligence/lists/named-lists.ts';
import type { IsLocal } from '../../../records/locality.ts';
import { listStoreOf, type OwnLists } from '../intel/own-lists.ts';
import type { IntelOf } from './score-window.ts';

/** Adds what lists know about remote addresses to the records' own intelligence, which is kept. */
export async function listed(lists: OwnLists, isLocal: IsLocal): Promise<IntelOf> {
  const nowMs = Date.now();
  const named = await NamedLists.NONE.update(listStoreOf(lists), nowMs);
  return ({ threat_intel: brought, timestamp }, { address }) => {
    if (named.isEmpty || brought?.listings !== undefined || isLocal(address)) return brought;
    const matches = named.find(address, nowMs);
    if (matches.length === 0) return brought;
    const listings = effectiveListings(matches, dayOfConnection(timestamp));
    return listings.length === 0 ? brought : { ...brought, listings };
  };
}
