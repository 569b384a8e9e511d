import { isSettledBy, labelOfFinding } from '../../../announcement/labelled-finding.ts';
import { siteHosts } from '../../../announcement/site-hosts.ts';
import { workThrough } from '../../../aws/worker-pool.ts';
import { Allowlist } from '../../../intelligence/allowlist/allowlist.ts';
import { readAllowlist } from '../../../store/allowlist-store.ts';
import type { Finding } from '../../../store/finding.ts';
import { readFindings } from '../../../store/findings.ts';
import type { GroundTruth, Label } from '../../../store/labels.ts';
import { readStatistics } from '../../../store/read-summaries.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import type { AddressEvidence, ReportedAddress, SiteReport } from '../../results/site-report.ts';
import { type LabelsByAddress, labelsByAddress } from '../labels/labels-by-address.ts';
import type { Progress } from '../progress.ts';
import { countOver, readEvidence, type SeenSpan, type StoredEvidence, spanOf } from './address-evidence.ts';
import { estimateCosts } from './estimate-costs.ts';
import { hostsAtRisk } from './hosts-at-risk.ts';
import { findingName, type SummedFinding, sumFindings } from './sum-findings.ts';
import { TrafficWindow } from './traffic-window.ts';

/** Concurrent queries. */
const WORKERS = 8;

export interface SiteReportOptions {
  readonly environment: string | null;
  readonly version: string;
  /** Number of addresses shown with their evidence. */
  readonly limit: number;
}

/**
 * Reads a site's report over a time range: findings, their evidence, and the service's statistics.
 *
 * @param range by arrival
 * @throws {ServiceError}
 */
export async function readSiteReport(
  table: TableAccess,
  range: TimeRange,
  { environment, version, limit }: SiteReportOptions,
  progress: Progress,
): Promise<SiteReport> {
  const earlier = rangeBefore(range);
  progress.step('reading summaries');
  const traffic = await readTraffic(table, range, progress);
  const before = await readTraffic(table, earlier, progress);
  progress.step('reading findings');
  const findings = await Array.fromAsync(readFindings(table, range));
  const known = await Array.fromAsync(readFindings(table, earlier));
  const allowlist = new Allowlist(await readAllowlist(table));
  const sum = (some: readonly Finding[]) => sumFindings(some, known, allowlist, range.nowMs);
  const { concerning } = sum(findings);
  progress.step('reading labels');
  const labels = await labelsByAddress(
    table,
    concerning.map(({ address }) => address),
  );
  const settlings = new Map(
    findings.map((finding) => [finding, settlingOf(finding, labels.get(finding.address) ?? [])]),
  );
  const left = sum(findings.filter((finding) => settlings.get(finding) !== 'benign'));
  const openNames = new Set(
    findings.filter((finding) => settlings.get(finding) === undefined).map(findingName),
  );
  const [open, settled] = partition(left.concerning, (summed) => openNames.has(findingName(summed)));
  const all = [...open, ...settled];
  const shown = all.slice(0, limit);
  progress.step('reading evidence');
  const addresses = await readAddresses(table, shown, { labels, openNames }, range, progress);
  const { totals } = traffic;
  const malicious = all.filter(({ reasons }) => reasons.includes('malicious'));
  return {
    made_at: new Date(range.nowMs).toISOString(),
    version,
    environment,
    table: table.tableName,
    since: new Date(range.fromMs).toISOString(),
    until: new Date(Math.min(range.toMs, range.nowMs)).toISOString(),
    addresses,
    counts: {
      attention: open.length,
      malicious: malicious.length,
      new_malicious: malicious.filter(({ isNew }) => isNew).length,
      labelled_malicious: settled.length,
      beyond_limit: all.length - shown.length,
      knocking: left.knocking,
      allowed: left.allowed,
      labelled_benign: concerning.length - all.length,
    },
    hosts: hostsAtRisk(siteHosts(all, totals.fan_outs)),
    traffic: traffic.figures,
    before: before.figures,
    over_time: traffic.overTime,
    lookups: totals.lookups,
    skipped: totals.skipped,
    costs: estimateCosts(totals, (Math.min(range.toMs, range.nowMs) - range.fromMs) / 1_000),
  };
}

/** A range of the same length, ending where the given one begins. */
function rangeBefore({ fromMs, toMs, nowMs }: TimeRange): TimeRange {
  const lengthMs = Math.min(toMs, nowMs) - fromMs;
  return { fromMs: fromMs - lengthMs, toMs: fromMs - 1, nowMs };
}

async function readTraffic(table: TableAccess, range: TimeRange, progress: Progress): Promise<TrafficWindow> {
  const window = new TrafficWindow({ ...range, toMs: Math.min(range.toMs, range.nowMs) });
  let count = 0;
  for await (const entry of readStatistics(table, range)) {
    window.add(entry);
    progress.update(++count);
  }
  return window;
}

/**
 * The truth of a label that settles a finding. A finding labelled benign is left out of the report; one labelled
 * malicious stays, after those that need a human, since a report is about what happened.
 *
 * @returns undefined if there is something left to do
 */
function settlingOf(finding: Finding, labels: readonly Label[]): GroundTruth | undefined {
  const label = labelOfFinding(finding, labels);
  return label !== undefined && isSettledBy(label, finding) ? label.label : undefined;
}

function partition<Element>(
  elements: readonly Element[],
  isFirst: (element: Element) => boolean,
): [Element[], Element[]] {
  const { first = [], second = [] } = Object.groupBy(elements, (each) =>
    isFirst(each) ? 'first' : 'second',
  );
  return [first, second];
}

/** The labels of the addresses, and the names of open findings. */
interface Labelled {
  readonly labels: LabelsByAddress;
  readonly openNames: ReadonlySet<string>;
}

async function readAddresses(
  table: TableAccess,
  findings: readonly SummedFinding[],
  { labels, openNames }: Labelled,
  range: TimeRange,
  progress: Progress,
): Promise<ReportedAddress[]> {
  const evidence = new Map<SummedFinding, StoredEvidence | null>();
  await workThrough(findings, WORKERS, async (finding) => {
    evidence.set(finding, await readEvidence(table, finding, range));
    progress.update(evidence.size);
  });
  // One span for all, so that their bars are comparable.
  const span = spanOf([...evidence.values()].flatMap((stored) => stored?.times ?? []));
  return findings.map((finding) =>
    reportedAddress(
      finding,
      {
        label: labelOfFinding(finding, labels.get(finding.address) ?? [])?.label ?? null,
        is_settled: !openNames.has(findingName(finding)),
      },
      evidence.get(finding) ?? null,
      span,
    ),
  );
}

function reportedAddress(
  finding: SummedFinding,
  said: Pick<ReportedAddress, 'label' | 'is_settled'>,
  stored: StoredEvidence | null,
  span: SeenSpan,
): ReportedAddress {
  const { address, direction, urgency, score, reasons, pattern, isNew, assessment } = finding;
  // A finding is not updated by everything that follows it.
  const seen = spanOf([finding.firstSeenMs, finding.lastSeenMs, ...(stored?.times ?? [])]);
  return {
    address,
    direction,
    urgency,
    score,
    reasons,
    pattern: pattern ?? null,
    is_new: isNew,
    ...said,
    first_seen: new Date(seen.fromMs).toISOString(),
    last_seen: new Date(seen.toMs).toISOString(),
    local_hosts: finding.localHosts,
    services: finding.services.map(({ port, protocol }) => `${port}/${protocol}`),
    assessment,
    evidence: stored === null ? null : evidenceOf(stored, span),
  };
}

function evidenceOf({ times, ...evidence }: StoredEvidence, span: SeenSpan): AddressEvidence {
  return { ...evidence, over_time: countOver(span, times) };
}
