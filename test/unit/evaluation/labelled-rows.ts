import type { LabelledInput } from '../../../lib/evaluation/labelled-set.ts';

export const HEADING =
  'set,group,as_of,country_code,vt_malicious,vt_total,abuse_confidence,abuse_reports,abuse_reporters,abuse_days_since_last,label';

/** A row known only to vendors. */
export function vendorRow(malicious: number, isMalicious: boolean, group = 'a'): LabelledInput {
  const virustotal = { malicious_vendors: malicious, total_vendors: 25 };
  return {
    input: { address: '192.0.2.1', threat_intel: { virustotal } },
    isMalicious,
    group,
    line: 2,
    asOf: '2026-01-01',
  };
}

/** A row with only reports, the last of them this many days old. */
export function reportedRow(ageDays: number, isMalicious: boolean, reporters = 1): LabelledInput {
  const abuseipdb = { confidence_score: 49, total_reports: reporters, num_distinct_users: reporters };
  return {
    ...vendorRow(0, isMalicious),
    input: { address: '192.0.2.1', threat_intel: { abuseipdb }, report_age_days: ageDays },
  };
}

/** A set as CSV in which flags, reports and recency all correlate with malice: enough to fit every model. */
export function makeCsv(groupCount = 40, asOf = '2026-01-01'): string {
  const lines = [HEADING];
  for (let group = 0; group < groupCount; group++) {
    const row = (vendors: string, abuse: string, label: number) =>
      lines.push(`T,${group.toString(16)},${asOf},US,${vendors},${abuse},${label}`);
    row('0,25', '0,0,0,', 0);
    row(',', '15,1,1,60', 0);
    row(',', '28,2,1,30', group % 4 === 0 ? 1 : 0);
    row(',', '90,20,6,1', group % 3 === 0 ? 0 : 1);
    row('3,25', '100,30,10,3', 1);
  }
  return `${lines.join('\n')}\n`;
}
