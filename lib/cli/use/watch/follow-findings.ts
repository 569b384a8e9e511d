import { setTimeout as delay } from 'node:timers/promises';
import { isFindingAllowed } from '../../../announcement/allowed-finding.ts';
import { urgencyOf } from '../../../announcement/urgency.ts';
import { Allowlist } from '../../../intelligence/allowlist/allowlist.ts';
import { readAllowlist } from '../../../store/allowlist-store.ts';
import type { Finding } from '../../../store/finding.ts';
import { readFindings } from '../../../store/findings.ts';
import { findingKey, keyText } from '../../../store/keys.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { FindingNews } from '../../results/finding-news.ts';
import { until } from '../time-range.ts';

export interface FollowOptions {
  /** Start of the range by arrival, epoch milliseconds. */
  readonly sinceMs: number;
  readonly intervalMs: number;
  /** Whether unanswered addresses from outside are followed too. */
  readonly withKnocks: boolean;
  readonly now?: () => number;
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

const MINUTE_MS = 60_000;
/**
 * A unit's time is the minute in which the queue first received its messages, so a backlog and redeliveries show up
 * this much later.
 */
const LATEST_MS = 15 * MINUTE_MS;

/** Follows findings in order of arrival; ends only by an error. */
export async function* followFindings(
  table: TableAccess,
  options: FollowOptions,
): AsyncGenerator<FindingNews> {
  const { sinceMs, intervalMs, withKnocks, now = Date.now, wait = delay } = options;
  const seen = new Map<string, Finding>();
  // Older findings present at the start are already known; afterwards everything new is news.
  let printedFromMs = Math.floor(sinceMs / MINUTE_MS) * MINUTE_MS;
  let fromMs = Math.min(sinceMs, now() - LATEST_MS);
  for (;;) {
    for (const finding of await newsSince(table, fromMs, now(), seen)) {
      const key = keyText(findingKey(finding));
      const scoreBefore = seen.get(key)?.score;
      seen.set(key, finding);
      const isWanted = withKnocks || urgencyOf(finding) !== 'knocking';
      if (isWanted && finding.ingestedAtMs >= printedFromMs) yield { finding, scoreBefore };
    }
    printedFromMs = 0;
    fromMs = now() - LATEST_MS;
    forgetBefore(seen, fromMs);
    await wait(intervalMs);
  }
}

async function newsSince(
  table: TableAccess,
  fromMs: number,
  nowMs: number,
  seen: ReadonlyMap<string, Finding>,
): Promise<Finding[]> {
  const news: Finding[] = [];
  for await (const finding of readFindings(table, until(nowMs, fromMs))) {
    if (seen.get(keyText(findingKey(finding)))?.revision !== finding.revision) news.push(finding);
  }
  if (news.length === 0) return news;
  const allowlist = new Allowlist(await readAllowlist(table));
  return news.filter((finding) => !isFindingAllowed(allowlist, finding, nowMs)).reverse();
}

/** Older findings are not read again, and need not be remembered. */
function forgetBefore(seen: Map<string, Finding>, fromMs: number): void {
  for (const [key, { ingestedAtMs }] of seen) if (ingestedAtMs < fromMs) seen.delete(key);
}
