import type { Patience } from '../aws/retry.ts';
import { Allowlist } from '../intelligence/allowlist/allowlist.ts';
import { readAllowlist } from '../store/allowlist-store.ts';
import type { Finding } from '../store/finding.ts';
import { readFindings } from '../store/findings.ts';
import { oldestInOutbox } from '../store/outbox.ts';
import type { TableAccess } from '../store/table-access.ts';
import type { TimeRange } from '../store/timeline.ts';
import { isFindingAllowed } from './allowed-finding.ts';
import { digestOf } from './digest.ts';
import { HOUR_MS, type HourAccounts, hourOf } from './hour-account.ts';

/** Units of an hour are stored within minutes after its end, unless the queue is behind. */
const GRACE_MS = 5 * 60_000;
/**
 * While announcements of an hour still wait, more may be held back; after this time they no longer delay its digest.
 */
const LONGEST_WAIT_MS = 6 * HOUR_MS;
/** After a longer outage, no digests are made for the hours before that. */
const HOURS_BACK = 24;

export interface CloseHoursOptions {
  readonly table: TableAccess;
  readonly accounts: HourAccounts;
  /** No hour from this one on is known to be closed; undefined if nothing is known. */
  readonly openFromMs: number | undefined;
  readonly nowMs: number;
  readonly patience: Patience;
}

/**
 * Decides the digests of hours that are over.
 *
 * @returns the first hour that is not closed yet
 * @throws {ServiceError}
 */
export async function closeHours(options: CloseHoursOptions): Promise<number> {
  const { table, accounts, openFromMs, nowMs, patience } = options;
  const currentMs = hourOf(nowMs - GRACE_MS);
  const fromMs = Math.max(openFromMs ?? 0, currentMs - HOURS_BACK * HOUR_MS);
  if (fromMs >= currentMs) return currentMs;
  const open = [...(await accounts.read(hoursBetween(fromMs, currentMs)))].filter(
    ([, { isClosed }]) => !isClosed,
  );
  const [first] = open;
  if (first === undefined) return currentMs;
  const allowlist = new Allowlist(await readAllowlist(table));
  const isNews = (finding: Finding) => !isFindingAllowed(allowlist, finding, nowMs);
  const findings = await findingsByHour(table, { fromMs: first[0], toMs: currentMs - 1, nowMs }, isNews);
  const waitingFromMs = (await oldestInOutbox(table)) ?? Number.POSITIVE_INFINITY;
  for (const [hourMs] of open) {
    const isAwaited = waitingFromMs < hourMs + HOUR_MS && nowMs < hourMs + LONGEST_WAIT_MS;
    if (isAwaited) return hourMs;
    const digestFor = (heldBack: number) => digestOf(hourMs, findings.get(hourMs) ?? [], heldBack, nowMs);
    await accounts.close(hourMs, digestFor, patience);
  }
  return currentMs;
}

function hoursBetween(fromMs: number, toMs: number): number[] {
  return Array.from({ length: (toMs - fromMs) / HOUR_MS }, (_, n) => fromMs + n * HOUR_MS);
}

async function findingsByHour(
  table: TableAccess,
  range: TimeRange,
  isNews: (finding: Finding) => boolean,
): Promise<Map<number, Finding[]>> {
  const byHour = new Map<number, Finding[]>();
  for await (const finding of readFindings(table, range)) {
    if (!isNews(finding)) continue;
    const hourMs = hourOf(finding.ingestedAtMs);
    const found = byHour.get(hourMs);
    if (found === undefined) byHour.set(hourMs, [finding]);
    else found.push(finding);
  }
  return byHour;
}
