import type { DivergentAddress } from '../../../statistics/divergent-address.ts';
import type { FlipReason } from '../../../statistics/explain-flip.ts';
import type { ReadinessReport } from '../../../statistics/readiness-report.ts';

/** Evidence that explains a flip, for a reader. */
const REASONS: Readonly<Record<FlipReason, string>> = {
  activity: 'its connections, which the legacy score ignores',
  detections: 'alerts of the intrusion detection, which the legacy score ignores',
  listings: 'lists that name it, which the legacy score ignores',
  abuseipdb: 'AbuseIPDB, which the legacy score ignores if VirusTotal answers',
  reports: 'number and age of the reports, which the legacy score ignores',
};

/** How an address flips, and what explains it; undefined if it does not flip. */
export function flipText({ flip, flip_reasons, label }: DivergentAddress): string | undefined {
  if (flip === null) return undefined;
  const what = flip === 'newly_malicious' ? 'newly malicious' : 'no longer malicious';
  const why =
    flip_reasons.length === 0
      ? 'no evidence explains it'
      : flip_reasons.map((reason) => REASONS[reason]).join('; ');
  return `${what}: ${why}${label === null ? '' : `; labelled ${label}`}`;
}

/** Port and protocol of one of its connections. */
export function endpointText({ dst_port, protocol }: DivergentAddress): string {
  return dst_port === undefined ? '' : `${dst_port}/${protocol}`;
}

/** The conclusion in one line. */
export function verdictText({ ready, gates }: ReadinessReport): string {
  if (ready) return 'Ready: all gates passed';
  const shut = gates.filter(({ isPassed }) => !isPassed).length;
  return `Not ready: ${shut} of ${gates.length} gates failed`;
}

export function percent(share: number | null): string {
  return share === null ? '-' : `${(share * 100).toFixed(1)} %`;
}

export function score(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}

/** With its sign, which shows the direction in which scores moved. */
export function difference(value: number | null): string {
  if (value === null) return '-';
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}

/** `0.3-0.4` */
export function tenth(bucket: number): string {
  return `${(bucket / 10).toFixed(1)}-${((bucket + 1) / 10).toFixed(1)}`;
}

/** Labels for the time steps of a report: the time of day, or the date at the beginning of a day. */
export function stepNames(steps: readonly { readonly from: string }[]): string[] {
  const isDaily = steps.every(({ from }) => isMidnight(from));
  return steps.map(({ from }, index) =>
    isDaily || (isMidnight(from) && index > 0) ? dayOf(from) : timeOf(from),
  );
}

function isMidnight(iso: string): boolean {
  return timeOf(iso) === '00:00';
}

function timeOf(iso: string): string {
  return iso.slice(11, 16);
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** `22 Nov` */
function dayOf(iso: string): string {
  return DAY.format(new Date(iso));
}
