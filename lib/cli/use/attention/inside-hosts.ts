import type { FanOut } from '../../../activity/fan-out.ts';
import { isFindingAllowed } from '../../../announcement/allowed-finding.ts';
import { isSettled } from '../../../announcement/labelled-finding.ts';
import { type SiteHost, siteHosts } from '../../../announcement/site-hosts.ts';
import { urgencyOf } from '../../../announcement/urgency.ts';
import { Allowlist } from '../../../intelligence/allowlist/allowlist.ts';
import { FanOutSum } from '../../../statistics/fan-out-sum.ts';
import { readAllowlist } from '../../../store/allowlist-store.ts';
import type { Finding } from '../../../store/finding.ts';
import { readFindings } from '../../../store/findings.ts';
import { readStatistics } from '../../../store/read-summaries.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import type { TimeRange } from '../../../store/timeline.ts';
import { labelsByAddress } from '../labels/labels-by-address.ts';

/**
 * Reads the local hosts that need attention, most at risk first, excluding allowlisted and already labelled findings.
 */
export async function insideHosts(
  table: TableAccess,
  range: TimeRange,
  limit: number,
): Promise<SiteHost<Finding>[]> {
  const [findings, fanOuts] = await Promise.all([openFindings(table, range), fanOutsIn(table, range)]);
  return siteHosts(findings, fanOuts).slice(0, limit);
}

async function openFindings(table: TableAccess, range: TimeRange): Promise<Finding[]> {
  const allowlist = new Allowlist(await readAllowlist(table));
  const found: Finding[] = [];
  for await (const finding of readFindings(table, range)) {
    if (urgencyOf(finding) === 'knocking' || isFindingAllowed(allowlist, finding, range.nowMs)) continue;
    found.push(finding);
  }
  const labels = await labelsByAddress(
    table,
    found.map(({ address }) => address),
  );
  return found.filter((finding) => !isSettled(finding, labels.get(finding.address) ?? []));
}

async function fanOutsIn(table: TableAccess, range: TimeRange): Promise<FanOut[]> {
  const sum = new FanOutSum();
  for await (const { statistics } of readStatistics(table, range)) sum.add(statistics.fan_outs ?? []);
  return sum.busiest;
}
