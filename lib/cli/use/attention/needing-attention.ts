import { type AddressFindings, sumUpFindings } from '../../../announcement/address-findings.ts';
import { isFindingAllowed } from '../../../announcement/allowed-finding.ts';
import { isSettled, labelOfFinding } from '../../../announcement/labelled-finding.ts';
import { urgencyOf } from '../../../announcement/urgency.ts';
import { chunksOf } from '../../../aws/chunks.ts';
import type { Direction } from '../../../consensus/scoring-input.ts';
import { Allowlist } from '../../../intelligence/allowlist/allowlist.ts';
import { readAllowlist } from '../../../store/allowlist-store.ts';
import { ATTENTION_REASONS, type AttentionReason } from '../../../store/assessment.ts';
import type { Finding } from '../../../store/finding.ts';
import { readFindings } from '../../../store/findings.ts';
import { type Label, readLabelsOf } from '../../../store/labels.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import type { Attention, AttentionEntry } from '../../results/attention.ts';
import type { SeenRange } from '../../results/seen-range.ts';
import { type AttentionOrder, ORDERS } from './attention-order.ts';

export interface AttentionOptions {
  readonly limit: number;
  /** Reasons to include; all if none is set. */
  readonly malicious?: true;
  readonly uncertain?: true;
  readonly failed?: true;
  /** Also lists unanswered knocks, which are otherwise only counted. */
  readonly knocks?: true;
  /** Also lists addresses already settled by labels. */
  readonly labelled?: true;
  readonly direction?: Direction;
  readonly port?: number;
  /** A local host, in canonical form. */
  readonly host?: string;
  readonly sort: AttentionOrder;
}

/** Labels are queried by address, this many addresses at a time. */
const ADDRESSES_AT_ONCE = 20;

/**
 * Reads the addresses that need a human: those with a finding that is new or worse in one time range and whose
 * connections were seen in another. Currently allowlisted addresses are left out.
 */
export async function needingAttention(
  table: TableAccess,
  range: TimeRange,
  seen: SeenRange,
  options: AttentionOptions,
): Promise<Attention> {
  const allowlist = new Allowlist(await readAllowlist(table));
  const isWanted = filterOf(options, seen);
  const found: Finding[] = [];
  for await (const finding of readFindings(table, range)) {
    if (isWanted(finding) && !isFindingAllowed(allowlist, finding, range.nowMs)) found.push(finding);
  }
  const addresses = [...Map.groupBy(found, ({ address }) => address).values()];
  const { shown = [], knocking = [] } = Object.groupBy(addresses, (findings) =>
    options.knocks || !findings.every(isKnocking) ? 'shown' : 'knocking',
  );
  return {
    ...(await firstUnsettled(table, shown, options)),
    knockingAddresses: knocking.length,
  };
}

/** Goes through the addresses in order and stops once enough are found, so that few labels are read. */
async function firstUnsettled(
  table: TableAccess,
  addresses: readonly (readonly Finding[])[],
  { limit, labelled, sort }: AttentionOptions,
): Promise<Pick<Attention, 'entries' | 'settledAddresses' | 'furtherAddresses'>> {
  const ordered = addresses
    .map((findings) => ({ findings, summary: sumUpFindings(findings) }))
    .sort((a, b) => ORDERS[sort](a.summary, b.summary));
  const entries: AttentionEntry[] = [];
  let settledAddresses = 0;
  let looked = 0;
  for (const chunk of chunksOf(ordered, ADDRESSES_AT_ONCE)) {
    if (entries.length >= limit) break;
    const labels = await Promise.all(
      chunk.map(({ summary }) => Array.fromAsync(readLabelsOf(table, summary.address))),
    );
    for (const [n, { findings, summary }] of chunk.entries()) {
      if (entries.length >= limit) break;
      looked++;
      const entry = entryOf(findings, summary, labels[n] ?? [], labelled === true);
      if (entry === undefined) settledAddresses++;
      else entries.push(entry);
    }
  }
  // The findings left after labelling can be less urgent than all of them.
  entries.sort(ORDERS[sort]);
  return { entries, settledAddresses, furtherAddresses: ordered.length - looked };
}

/** @returns undefined if labels have settled all its findings */
function entryOf(
  findings: readonly Finding[],
  summary: AddressFindings,
  labels: readonly Label[],
  isShowingSettled: boolean,
): AttentionEntry | undefined {
  if (labels.length === 0) return summary;
  const left = isShowingSettled ? findings : findings.filter((finding) => !isSettled(finding, labels));
  if (left.length === 0) return undefined;
  const { label } = labelOfFinding(sumUpFindings(left).worst, labels) ?? {};
  return { ...sumUpFindings(left), ...(label !== undefined && { label }) };
}

function isKnocking(finding: Finding): boolean {
  return urgencyOf(finding) === 'knocking';
}

/** A finding names at most 20 hosts and 10 services; others can't be searched for. */
function filterOf(
  { direction, port, host, ...options }: AttentionOptions,
  { fromMs, toMs }: SeenRange,
): (finding: Finding) => boolean {
  const wanted = reasonsOf(options);
  return ({ reasons, services, localHosts, firstSeenMs, lastSeenMs, ...finding }) =>
    reasons.some((reason) => wanted.has(reason)) &&
    (direction === undefined || finding.direction === direction) &&
    (port === undefined || services.some((service) => service.port === port)) &&
    (host === undefined || localHosts.includes(host)) &&
    lastSeenMs >= fromMs &&
    firstSeenMs < toMs;
}

function reasonsOf({
  malicious,
  uncertain,
  failed,
}: Pick<AttentionOptions, 'malicious' | 'uncertain' | 'failed'>): ReadonlySet<AttentionReason> {
  const isAsked = { malicious, uncertain, failed };
  const asked = ATTENTION_REASONS.filter((reason) => isAsked[reason] === true);
  return new Set(asked.length === 0 ? ATTENTION_REASONS : asked);
}
