import type { FanOut } from '../../../activity/fan-out.ts';
import { isFindingAllowed } from '../../../announcement/allowed-finding.ts';
import { isSettledBy, labelOfFinding } from '../../../announcement/labelled-finding.ts';
import { compareUrgency, urgencyOf } from '../../../announcement/urgency.ts';
import { Allowlist } from '../../../intelligence/allowlist/allowlist.ts';
import { FanOutSum } from '../../../statistics/fan-out-sum.ts';
import { readAllowlist } from '../../../store/allowlist-store.ts';
import type { Finding } from '../../../store/finding.ts';
import { readFindings } from '../../../store/findings.ts';
import { type Label, readLabelsOf } from '../../../store/labels.ts';
import { readStatistics } from '../../../store/read-summaries.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import type { InsideHost } from '../../results/inside-host.ts';

/**
 * Reads the site's own hosts that need a look: those that talked to an address which needs a human, and those that try
 * many targets in vain. The order is that of the worst they talked to, then of their unanswered connections.
 */
export async function insideHosts(
  table: TableAccess,
  range: TimeRange,
  limit: number,
): Promise<InsideHost[]> {
  const [byHost, fanOuts] = await Promise.all([findingsByHost(table, range), fanOutsIn(table, range)]);
  const names = new Set([...byHost.keys(), ...fanOuts.keys()]);
  const hosts = [...names].map((host): InsideHost => {
    const findings = byHost.get(host) ?? [];
    const [worst] = findings.toSorted(compareUrgency);
    const fanOut = fanOuts.get(host);
    return {
      host,
      ...(worst !== undefined && { worst }),
      addresses: new Set(findings.map(({ address }) => address)).size,
      ...(fanOut !== undefined && { fanOut }),
    };
  });
  return hosts.sort(compareHosts).slice(0, limit);
}

function compareHosts(left: InsideHost, right: InsideHost): number {
  const [a, b] = [left.worst, right.worst];
  if (a !== undefined && b !== undefined) return compareUrgency(a, b) || byName(left, right);
  if (a !== undefined || b !== undefined) return a === undefined ? 1 : -1;
  return (right.fanOut?.unanswered ?? 0) - (left.fanOut?.unanswered ?? 0) || byName(left, right);
}

function byName(left: InsideHost, right: InsideHost): number {
  return left.host < right.host ? -1 : 1;
}

/** Without knocks, and without what the allowlist or a label has settled. */
async function findingsByHost(table: TableAccess, range: TimeRange): Promise<Map<string, Finding[]>> {
  const allowlist = new Allowlist(await readAllowlist(table));
  const byHost = new Map<string, Finding[]>();
  const labels = new Map<string, readonly Label[]>();
  for await (const finding of readFindings(table, range)) {
    if (urgencyOf(finding) === 'knocking' || isFindingAllowed(allowlist, finding, range.nowMs)) continue;
    const own = labels.get(finding.address) ?? (await Array.fromAsync(readLabelsOf(table, finding.address)));
    labels.set(finding.address, own);
    const label = labelOfFinding(finding, own);
    if (label !== undefined && isSettledBy(label, finding)) continue;
    for (const host of finding.localHosts) {
      const known = byHost.get(host);
      if (known === undefined) byHost.set(host, [finding]);
      else known.push(finding);
    }
  }
  return byHost;
}

async function fanOutsIn(table: TableAccess, range: TimeRange): Promise<Map<string, FanOut>> {
  const sum = new FanOutSum();
  for await (const { statistics } of readStatistics(table, range)) sum.add(statistics.fan_outs ?? []);
  return new Map(sum.busiest.map((fanOut) => [fanOut.host, fanOut]));
}
