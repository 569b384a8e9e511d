import type { Activity } from '../../../consensus/activity.ts';
import type { Detection } from '../../../consensus/detection.ts';
import type { ThreatIntel } from '../../../consensus/scoring-input.ts';
import { grouped } from '../../../statistics/count-text.ts';
import { scoredInput } from '../../../store/assessment.ts';
import { directionIn } from '../../../store/assessment-id.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';
import { printable } from '../terminal.ts';

/** The evidence for an assessment in plain words: what others know, what the connections show, and which rules fired. One line each. */
export function evidenceLines(read: ReadAssessment): string[] {
  const { threat_intel, activity, detections = [] } = scoredInput(read.assessment);
  const known = threat_intel === undefined ? '' : intelligenceText(threat_intel);
  const lines = known === '' ? [] : [`known: ${printable(known)}`];
  if (activity !== undefined) lines.push(`seen: ${activityText(read, activity)}`);
  if (detections.length > 0) lines.push(`alerts: ${printable(detectionsText(detections))}`);
  return lines;
}

function detectionsText(detections: readonly Detection[]): string {
  return detections.map(({ signature, severity }) => `${signature} (severity ${severity})`).join('; ');
}

function intelligenceText({ virustotal, abuseipdb, blocklist, listings }: ThreatIntel): string {
  const parts: string[] = [];
  if (virustotal != null && virustotal.total_vendors > 0) {
    const { malicious_vendors: malicious, total_vendors: total } = virustotal;
    parts.push(`VirusTotal, ${grouped(malicious)} of ${grouped(total)} vendors flag it`);
  }
  if (abuseipdb != null) {
    const { confidence_score: confidence, total_reports: reports } = abuseipdb;
    parts.push(`AbuseIPDB, ${confidence} % from ${grouped(reports)} ${reports === 1 ? 'report' : 'reports'}`);
  }
  if (listings != null && listings.length > 0) {
    parts.push(`listed by ${listings.map(({ source, kind }) => `${source} (${kind})`).join(', ')}`);
  }
  if (blocklist != null && blocklist.lists > 0) {
    parts.push(`on ${grouped(blocklist.lists)} of ${grouped(blocklist.total_lists)} blocklists`);
  }
  return parts.join('; ');
}

/**
 * `scan; 500+ connections from outside to 300+ services of 1 host, none answered`. Counts above 2 are rounded down,
 * hence the plus sign: see `stepOf`.
 */
function activityText(read: ReadAssessment, activity: Activity): string {
  const { connections, hosts, services, answered, guesses } = activity;
  const isInbound = directionIn(read.endpoints[0] ?? '') === 'inbound';
  const { pattern = 'none' } = read.assessment;
  const where = isInbound
    ? `from outside to ${counted(services, 'service')} of ${counted(hosts, 'host')}`
    : `from ${counted(hosts, 'host')} to ${counted(services, 'port')}`;
  const parts = [`${counted(connections, 'connection')} ${where}`];
  if (answered !== undefined) parts.push(answeredText(answered, connections));
  if (guesses !== undefined && guesses > 0) parts.push(counted(guesses, 'short login'));
  parts.push(...rhythmText(activity));
  if (activity.uploaded_bytes !== undefined) {
    parts.push(`${grouped(Math.round(activity.uploaded_bytes / 1e6))}+ MB sent out`);
  }
  return `${pattern === 'none' ? '' : `${pattern}; `}${parts.join(', ')}`;
}

function answeredText(answered: number, connections: number): string {
  if (answered === 0) return 'none answered';
  return answered >= connections ? 'answered' : `${stepText(answered)} answered`;
}

function rhythmText({ interval_seconds, jitter_percent }: Activity): string[] {
  if (interval_seconds === undefined) return [];
  const jitter = jitter_percent === undefined ? '' : ` give or take ${jitter_percent} %`;
  return [`every ${grouped(interval_seconds)} s${jitter}`];
}

const LARGEST_EXACT_STEP = 2;

function stepText(count: number): string {
  return count > LARGEST_EXACT_STEP ? `${grouped(count)}+` : grouped(count);
}

function counted(count: number, what: string): string {
  return `${stepText(count)} ${what}${count === 1 ? '' : 's'}`;
}
