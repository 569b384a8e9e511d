import { canonicalAddress } from '../records/address.ts';
import type { AddressItem } from './address-item.ts';
import { changeItem, deleteItem } from './change-items.ts';
import type { Row } from './connection-rows.ts';
import type { EraseOptions } from './erase-address.ts';
import type { FindingItem } from './finding.ts';
import { getListedItems } from './listed-items.ts';
import { getItemsInOrder } from './query.ts';
import { readContent } from './read-address-items.ts';
import { readSummariesBetween } from './read-summaries.ts';
import { readUnderstood } from './readable.ts';
import { storeText } from './stored-text.ts';
import type { TableAccess } from './table-access.ts';
import { type TimeRange, timeline } from './timeline.ts';

/** The number of items erased for one of the site's own hosts. */
export interface ErasedOfHost {
  /** Connections that named it, of any remote address. */
  readonly connections: number;
  /** Findings of remote addresses that named it and no longer do. */
  readonly host_mentions: number;
}

const FINDINGS_AT_ONCE = 100;

/**
 * Erases one of the site's own hosts from everything that arrived in a time range: the connections that name it,
 * verdicts that covered no others, and its mention in findings. No index finds them, so everything in the range is
 * read.
 *
 * @param host in canonical form
 * @throws {ServiceError}
 */
export async function eraseHost(
  table: TableAccess,
  host: string,
  range: TimeRange,
  options: EraseOptions,
): Promise<ErasedOfHost> {
  let mentions = 0;
  const findings = getItemsInOrder<FindingItem>(table, timeline(table, 'finding', range), FINDINGS_AT_ONCE);
  for await (const item of findings) if (await leaveOutOfFinding(table, item, host, options)) mentions++;
  let connections = 0;
  for await (const { unit, items } of readSummariesBetween(table, range)) {
    const lists = items.map((list) => ({ ...list, unit }));
    for await (const found of getListedItems(table, lists, range.nowMs)) {
      for (const item of found) connections += await leaveOutOfItem(table, item, host, options);
    }
  }
  return { connections, host_mentions: mentions };
}

async function leaveOutOfFinding(
  table: TableAccess,
  item: FindingItem,
  host: string,
  { isDryRun }: EraseOptions,
): Promise<boolean> {
  const { local_hosts: hosts } = item;
  if (typeof hosts !== 'string') return false;
  const others = hosts.split(' ').filter((each) => each !== host);
  const left = others.join(' ');
  if (left === hosts) return false;
  if (isDryRun) return true;
  // After a concurrent write the item may name the host again: a further call finds it.
  return await changeItem(table, item, {
    update: 'SET local_hosts = :left',
    condition: 'local_hosts = :hosts',
    values: { ':left': left, ':hosts': hosts },
  });
}

/** @returns how many of the item's connections named the host */
async function leaveOutOfItem(
  table: TableAccess,
  item: AddressItem,
  host: string,
  { isDryRun }: EraseOptions,
): Promise<number> {
  const content = readUnderstood(table, item, readContent);
  if (content === undefined) return 0;
  let erased = 0;
  const verdicts = content.verdicts.flatMap((verdict) => {
    const connections = verdict.connections.filter((row) => !isNamedIn(row, host));
    erased += verdict.connections.length - connections.length;
    return connections.length === 0 ? [] : { ...verdict, connections };
  });
  if (erased === 0 || isDryRun) return erased;
  if (verdicts.length === 0) {
    await deleteItem(table, item);
    return erased;
  }
  const isChanged = await changeItem(table, item, {
    update: 'SET content = :left, threat_score = :score',
    condition: 'content = :content',
    values: {
      ':left': storeText(JSON.stringify({ ...content, verdicts })),
      ':score': Math.max(...verdicts.map(({ threat_score = 0 }) => threat_score)),
      ':content': item.content,
    },
  });
  return isChanged ? erased : 0;
}

/** Whether a connection is with a host, or names it in a further field. */
function isNamedIn(row: Row, host: string): boolean {
  const [, other, ...rest] = row;
  if (other === host) return true;
  const further = rest.at(8);
  if (typeof further !== 'object' || further === null) return false;
  const words = JSON.stringify(further).match(/[0-9A-Fa-f.:]{2,}/g) ?? [];
  // A port may follow an IPv4 address.
  return words.some((word) =>
    [word, word.replace(/:\d*$/, '')].some((text) => canonicalAddress(text) === host),
  );
}
