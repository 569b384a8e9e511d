import { isSettledBy, labelOfFinding } from '../../../announcement/labelled-finding.ts';
import { workThrough } from '../../../aws/worker-pool.ts';
import { Allowlist } from '../../../intelligence/allowlist/allowlist.ts';
import { readAllowlist } from '../../../store/allowlist-store.ts';
import type { Finding } from '../../../store/finding.ts';
import { readFindings } from '../../../store/findings.ts';
import { type GroundTruth, type Label, readLabelsOf } from '../../../store/labels.ts';
import { readStatistics } from '../../../store/read-summaries.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import type { AddressEvidence, ReportedAddress, SiteReport } from '../../results/site-report.ts';
import type { Progress } from '../progress.ts';
import { countOver, readEvidence, type SeenSpan, type StoredEvidence, spanOf } from './address-evidence.ts';
import { estimateCosts } from './estimate-costs.ts';
import { hostsAtRisk } from './hosts-at-risk.ts';
import { type SummedFinding, sumFindings } from './sum-findings.ts';
import { TrafficWindow } from './traffic-window.ts';

/** Queries at a time. */
const WORKERS = 8;

export interface SiteReportOptions {
  readonly environment: string | null;
  readonly version: string;
  /** Addresses that are shown with their evidence. */
  readonly limit: number;
}

/**
 * Reads what a site has to know about a time range: findings, what they rest on, and what the service did.
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
  const labels = await readLabelsByAddress(table, concerning);
  const isLeft = (finding: Finding) => !isCleared(finding, labels.get(finding.address) ?? []);
  const { concerning: left, knocking, allowed } = sum(findings.filter(isLeft));
  const shown = left.slice(0, limit);
  progress.step('reading evidence');
  const addresses = await readAddresses(table, shown, labels, range, progress);
  const { totals } = traffic;
  const malicious = left.filter(({ reasons }) => reasons.includes('malicious'));
  return {
    made_at: new Date(range.nowMs).toISOString(),
    version,
    environment,
    table: table.tableName,
    since: new Date(range.fromMs).toISOString(),
    until: new Date(Math.min(range.toMs, range.nowMs)).toISOString(),
    addresses,
    counts: {
      attention: left.length,
      malicious: malicious.length,
      new_malicious: malicious.filter(({ isNew }) => isNew).length,
      beyond_limit: left.length - shown.length,
      knocking,
      allowed,
      labelled_benign: concerning.length - left.length,
    },
    hosts: hostsAtRisk(left, totals.fan_outs),
    traffic: traffic.figures,
    before: before.figures,
    over_time: traffic.overTime,
    lookups: totals.lookups,
    skipped: totals.skipped,
    costs: estimateCosts(totals, (Math.min(range.toMs, range.nowMs) - range.fromMs) / 1_000),
  };
}

/** As long as the range, and up to its beginning. */
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

type LabelsByAddress = ReadonlyMap<string, readonly Label[]>;

async function readLabelsByAddress(
  table: TableAccess,
  findings: readonly SummedFinding[],
): Promise<LabelsByAddress> {
  const labels = new Map<string, readonly Label[]>();
  await workThrough(new Set(findings.map(({ address }) => address)), WORKERS, async (address) => {
    labels.set(address, await Array.fromAsync(readLabelsOf(table, address)));
  });
  return labels;
}

/** What is labelled malicious stays: a report is about what happened, not about what is left to do. */
function isCleared(finding: Finding, labels: readonly Label[]): boolean {
  const label = labelOfFinding(finding, labels);
  return label?.label === 'benign' && isSettledBy(label, finding);
}

async function readAddresses(
  table: TableAccess,
  findings: readonly SummedFinding[],
  labels: LabelsByAddress,
  range: TimeRange,
  progress: Progress,
): Promise<ReportedAddress[]> {
  const evidence = new Map<SummedFinding, StoredEvidence | null>();
  await workThrough(findings, WORKERS, async (finding) => {
    evidence.set(finding, await readEvidence(table, finding, range));
    progress.update(evidence.size);
  });
  // One span for all, so that their bars can be compared.
  const span = spanOf([...evidence.values()].flatMap((stored) => stored?.times ?? []));
  return findings.map((finding) =>
    reportedAddress(
      finding,
      labelOfFinding(finding, labels.get(finding.address) ?? [])?.label ?? null,
      evidence.get(finding) ?? null,
      span,
    ),
  );
}

function reportedAddress(
  finding: SummedFinding,
  label: GroundTruth | null,
  stored: StoredEvidence | null,
  span: SeenSpan,
): ReportedAddress {
  const { address, direction, urgency, score, reasons, pattern, isNew, assessment } = finding;
  // A finding does not say what came after its latest news.
  const seen = spanOf([finding.firstSeenMs, finding.lastSeenMs, ...(stored?.times ?? [])]);
  return {
    address,
    direction,
    urgency,
    score,
    reasons,
    pattern: pattern ?? null,
    is_new: isNew,
    label,
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
