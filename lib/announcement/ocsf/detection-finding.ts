import type { ScorerName } from '../../consensus/vote.ts';
import {
  type Announcement,
  type AnnouncementKind,
  commandFor,
  type DigestAnnouncement,
  type FindingAnnouncement,
} from '../announcement.ts';
import { describeAnnouncement } from '../describe-announcement.ts';
import { plainText } from '../plain-text.ts';
import { type Evidence, evidencesOf } from './evidences.ts';
import { SEVERITIES, severityOf } from './severity.ts';

/** Version of the Open Cybersecurity Schema Framework. */
const OCSF_VERSION = '1.8.0';
const CATEGORY_UID = 2;
const CLASS_UID = 2004;

const ACTIVITIES = {
  'new-malicious': { id: 1, name: 'Create' },
  worse: { id: 2, name: 'Update' },
  cleared: { id: 3, name: 'Close' },
  digest: { id: 1, name: 'Create' },
} as const satisfies Record<AnnouncementKind, { id: number; name: string }>;

/** OCSF's type of analytic for each scorer. */
const ANALYTICS: Readonly<Record<ScorerName, { type_id: number; type: string }>> = {
  statistical: { type_id: 3, type: 'Statistical' },
  rule_based: { type_id: 1, type: 'Rule' },
  ml_based: { type_id: 4, type: 'Learning (ML/DL)' },
};

/** Severities in the terms of paging services. */
const ALERT_LEVELS = { 1: 'info', 2: 'warning', 3: 'error', 4: 'critical' } as const;

/**
 * An event of OCSF's class Detection Finding, with the fields that are filled in here. All times are epoch
 * milliseconds.
 */
export interface DetectionFinding {
  readonly activity_id: number;
  readonly activity_name: string;
  readonly category_uid: number;
  readonly category_name: 'Findings';
  readonly class_uid: number;
  readonly class_name: 'Detection Finding';
  readonly type_uid: number;
  readonly type_name: string;
  readonly severity_id: number;
  readonly severity: string;
  readonly status_id: number;
  readonly status: string;
  readonly time: number;
  readonly start_time: number;
  readonly end_time: number;
  readonly is_alert: boolean;
  /** Text for people, in several lines. */
  readonly message: string;
  readonly metadata: {
    /** Identifies the announcement: it is the same at each delivery. */
    readonly uid: string;
    readonly version: string;
    readonly event_code: AnnouncementKind;
    readonly tenant_uid: string;
    readonly product: { readonly name: string; readonly vendor_name: string; readonly version?: string };
  };
  readonly finding_info: {
    /** Identifies the finding: an address, on one day, in one direction. */
    readonly uid: string;
    readonly title: string;
    readonly desc: string;
    readonly created_time: number;
    readonly types?: readonly string[];
    readonly first_seen_time?: number;
    readonly last_seen_time?: number;
    readonly data_sources?: readonly string[];
    readonly related_analytics?: readonly { name: string; type_id: number; type: string; desc: string }[];
  };
  readonly remediation: { readonly desc: string };
  readonly risk_score?: number;
  readonly confidence_score?: number;
  readonly count?: number;
  readonly verdict_id?: number;
  readonly verdict?: string;
  readonly evidences?: readonly Evidence[];
  readonly resources?: readonly { readonly ip: string; readonly type: 'host' }[];
  /** Fields without a place in the schema. */
  readonly unmapped: Readonly<Record<string, unknown>>;
}

/**
 * Writes an announcement as OCSF's Detection Finding. An announcement always gives the same event, byte for byte.
 *
 * @param environment name of the deployment, the prefix of its uids
 */
export function detectionFinding(announcement: Announcement, environment: string): DetectionFinding {
  return announcement.kind === 'digest'
    ? fromDigest(announcement, environment)
    : fromFinding(announcement, environment);
}

function fromFinding(announcement: FindingAnnouncement, environment: string): DetectionFinding {
  const { kind, score, confidence, pattern, votes, localHosts, evidence } = announcement;
  const { firstSeenMs, lastSeenMs } = announcement;
  const common = commonOf(announcement, environment);
  return {
    ...common,
    start_time: firstSeenMs,
    end_time: lastSeenMs,
    metadata: {
      ...common.metadata,
      product: { ...common.metadata.product, version: announcement.engineVersion },
    },
    finding_info: {
      ...common.finding_info,
      uid: `${environment}/${announcement.finding}`,
      first_seen_time: firstSeenMs,
      last_seen_time: lastSeenMs,
      data_sources: evidence,
      ...(pattern !== undefined && { types: [pattern] }),
      related_analytics: Object.entries(votes).map(([name, { reasoning }]) => ({
        name,
        ...ANALYTICS[name as ScorerName],
        desc: plainText(reasoning),
      })),
    },
    risk_score: percent(score),
    ...(confidence !== undefined && { confidence_score: percent(confidence) }),
    count: announcement.connections,
    ...(kind === 'cleared' ? { verdict_id: 5, verdict: 'Benign' } : { verdict_id: 4, verdict: 'Suspicious' }),
    evidences: evidencesOf(announcement),
    ...(localHosts.length > 0 && { resources: localHosts.map((ip) => ({ ip, type: 'host' as const })) }),
    unmapped: findingFigures(announcement),
  };
}

function findingFigures(announcement: FindingAnnouncement): Record<string, unknown> {
  const { previousScore, pattern, activity, votes } = announcement;
  return {
    address: announcement.address,
    direction: announcement.direction,
    score: announcement.score,
    ...(previousScore !== undefined && { previous_score: previousScore }),
    malicious_threshold: announcement.maliciousThreshold,
    scored_by: announcement.scoredBy,
    high_uncertainty: announcement.isUncertain,
    votes: Object.fromEntries(
      Object.entries(votes).map(([name, { score, confidence, reasoning }]) => [
        name,
        { score, confidence, reasoning: plainText(reasoning) },
      ]),
    ),
    ...(pattern !== undefined && { pattern }),
    ...(activity !== undefined && { activity }),
    answered: announcement.answered,
    local_hosts: announcement.localHosts,
    local_host_count: announcement.localHostCount,
    services: announcement.services,
    assessment: announcement.assessment,
    observed_at: announcement.observedAtMs,
    ...textOf(announcement),
  };
}

function fromDigest(announcement: DigestAnnouncement, environment: string): DetectionFinding {
  return {
    ...commonOf(announcement, environment),
    start_time: announcement.fromMs,
    end_time: announcement.toMs,
    unmapped: {
      knocking: announcement.knocking,
      worst: announcement.worst,
      held_back: announcement.heldBack,
      ...textOf(announcement),
    },
  };
}

/** Single lines, for templates of targets that accept text but no lists. */
function textOf(announcement: Announcement): Record<string, string> {
  const { facts, reasons } = describeAnnouncement(announcement);
  return {
    command: commandFor(announcement),
    facts,
    reasons,
    alert_action: announcement.kind === 'cleared' ? 'resolve' : 'trigger',
    alert_level: ALERT_LEVELS[severityOf(announcement)],
  };
}

function commonOf(announcement: Announcement, environment: string) {
  const { kind, uid, decidedAtMs } = announcement;
  const { title, facts, reasons, next } = describeAnnouncement(announcement);
  const { id, name } = ACTIVITIES[kind];
  const severityId = severityOf(announcement);
  const titled = `[${environment}] ${title}`;
  return {
    activity_id: id,
    activity_name: name,
    category_uid: CATEGORY_UID,
    category_name: 'Findings',
    class_uid: CLASS_UID,
    class_name: 'Detection Finding',
    type_uid: CLASS_UID * 100 + id,
    type_name: `Detection Finding: ${name}`,
    severity_id: severityId,
    severity: SEVERITIES[severityId],
    ...(kind === 'cleared' ? { status_id: 4, status: 'Resolved' } : { status_id: 1, status: 'New' }),
    time: decidedAtMs,
    is_alert: kind === 'new-malicious' || kind === 'worse',
    message: [titled, facts, reasons, next].filter((line) => line !== '').join('\n'),
    metadata: {
      uid: `${environment}/${uid}`,
      version: OCSF_VERSION,
      event_code: kind,
      tenant_uid: environment,
      product: { name: 'threat-consensus', vendor_name: 'threat-consensus' },
    },
    finding_info: {
      uid: `${environment}/${uid}`,
      title: titled,
      desc: [facts, reasons].filter((line) => line !== '').join(' '),
      created_time: decidedAtMs,
    },
    remediation: { desc: next },
  } as const;
}

/** OCSF's scores are integers up to 100. */
function percent(share: number): number {
  return Math.round(share * 100);
}
