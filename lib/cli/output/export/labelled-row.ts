import { createHash } from 'node:crypto';
import { LABELLED_COLUMNS } from '../../../evaluation/labelled-set.ts';
import type { AssessedInput } from '../../../store/assessment.ts';
import type { Label } from '../../../store/labels.ts';
import type { CsvCell } from './csv.ts';

/** The columns of a labelled set, and one more for human readers. */
export const EXPORTED_COLUMNS = [...LABELLED_COLUMNS, 'country_code'] as const;

type LabelledRow = Readonly<Record<(typeof EXPORTED_COLUMNS)[number], CsvCell>>;

/**
 * What was known about an address when it was assessed, and what it turned out to be: a row for `npm run train` and
 * `npm run evaluate`. `as_of` is the day of its latest connection then; the columns of a source that did not answer
 * are empty.
 */
export function labelledRow({ latestMs, address, label, snapshot }: Label): LabelledRow {
  const { threat_intel, geo_data, report_age_days } = JSON.parse(snapshot.input) as AssessedInput;
  const { virustotal, abuseipdb } = threat_intel ?? {};
  return {
    group: networkGroup(address),
    as_of: new Date(latestMs).toISOString().slice(0, 10),
    country_code: geo_data?.country_code,
    vt_malicious: virustotal?.malicious_vendors,
    vt_total: virustotal?.total_vendors,
    abuse_confidence: abuseipdb?.confidence_score,
    abuse_reports: abuseipdb?.total_reports,
    abuse_reporters: abuseipdb?.num_distinct_users,
    abuse_days_since_last: abuseipdb && report_age_days,
    label: label === 'malicious' ? 1 : 0,
  };
}

const GROUP_CHARACTERS = 16;

/**
 * A pseudonym for an address's network: neighbours are often alike, and must stay on one side of a split. A network is
 * a /16 of IPv4 or a /32 of IPv6, about what one operator has.
 *
 * @param address in canonical form
 */
function networkGroup(address: string): string {
  const network = address.includes(':') ? ipv6Prefix(address) : address.split('.', 2).join('.');
  return createHash('sha256').update(network).digest('hex').slice(0, GROUP_CHARACTERS);
}

/** The first two of eight numbers; those that `::` stands for are zero. */
function ipv6Prefix(address: string): string {
  const [head = ''] = address.split('::', 1);
  const [first = '', second = ''] = head.split(':');
  return `${first || '0'}:${second || '0'}`;
}
