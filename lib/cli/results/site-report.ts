import type { FanOut } from '../../activity/fan-out.ts';
import type { Urgency } from '../../announcement/urgency.ts';
import type { Pattern } from '../../consensus/activity-evidence.ts';
import type { Direction } from '../../consensus/scoring-input.ts';
import type { AttentionReason } from '../../store/assessment.ts';
import type { GroundTruth } from '../../store/labels.ts';
import type { LookUpStatistics } from '../../store/unit-statistics.ts';

/** What a site has to know about a day or a week. Times are ISO 8601, shares and scores from 0 to 1, money in US dollars. */
export interface SiteReport {
  readonly made_at: string;
  /** Of the program that made it. */
  readonly version: string;
  /** Null if the call names the table itself. */
  readonly environment: string | null;
  readonly table: string;
  /** By arrival. */
  readonly since: string;
  readonly until: string;
  /** The most urgent first; those that a label has settled come last. */
  readonly addresses: readonly ReportedAddress[];
  /** All that need a human, shown or not, and what was left out of them. */
  readonly counts: AddressCounts;
  /** The most endangered first. */
  readonly hosts: readonly HostAtRisk[];
  readonly traffic: TrafficFigures;
  /** The period of the same length before this one. */
  readonly before: TrafficFigures;
  readonly over_time: readonly TrafficStep[];
  readonly lookups: LookUpStatistics;
  readonly skipped: Readonly<Record<string, number>>;
  readonly costs: EstimatedCosts;
}

export interface AddressCounts {
  /** Distinct addresses and directions that need a human, without those that a label has settled. */
  readonly attention: number;
  /** All that count as malicious, settled or not. */
  readonly malicious: number;
  /** Malicious ones that were not malicious in the period before. */
  readonly new_malicious: number;
  /** Settled by a label that says malicious: they are shown, after those that need a human. */
  readonly labelled_malicious: number;
  /** Not shown: beyond the limit; unanswered from outside; on the allowlist now; labelled benign. */
  readonly beyond_limit: number;
  readonly knocking: number;
  readonly allowed: number;
  readonly labelled_benign: number;
}

/** An address that needs a human, in one direction. */
export interface ReportedAddress {
  readonly address: string;
  readonly direction: Direction;
  readonly urgency: Urgency;
  readonly score: number;
  readonly reasons: readonly AttentionReason[];
  readonly pattern: Pattern | null;
  /** Whether it needed nobody, or was not malicious, in the period before. */
  readonly is_new: boolean;
  readonly label: GroundTruth | null;
  /** Whether the label leaves nothing to do. */
  readonly is_settled: boolean;
  readonly first_seen: string;
  readonly last_seen: string;
  /** Local hosts and services concerned, as far as findings name them. */
  readonly local_hosts: readonly string[];
  readonly services: readonly string[];
  /** Id of the assessment with the highest score. */
  readonly assessment: string;
  /** What its assessments say; null if they can't be read any longer. */
  readonly evidence: AddressEvidence | null;
}

export interface AddressEvidence {
  readonly sources: readonly string[];
  readonly votes: readonly { readonly scorer: string; readonly score: number; readonly reasoning: string }[];
  readonly connections: number;
  /** Whether it has more connections than were read. */
  readonly is_partial: boolean;
  /** Connections by when they were seen, in steps of equal width over the time that the report's addresses were seen in. */
  readonly over_time: readonly number[];
}

/** One of the site's own hosts, and why it is at risk. */
export interface HostAtRisk {
  readonly host: string;
  /** Malicious addresses that it calls, the worst first. */
  readonly calls: readonly HostContact[];
  /** Malicious addresses from outside that reached it: those that guess passwords, and others that were answered. */
  readonly reached_by: readonly HostContact[];
  /** Targets that it tries in vain; null if it does not. */
  readonly fan_out: FanOut | null;
}

export interface HostContact {
  readonly address: string;
  readonly score: number;
  readonly urgency: Urgency;
}

/** What arrived and what it came to. */
export interface TrafficFigures {
  readonly messages: number;
  readonly records: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly skipped: number;
  readonly assessments: number;
  readonly malicious: number;
  readonly high_uncertainty: number;
  readonly consensus_failures: number;
  readonly without_evidence: number;
  readonly allowed: number;
}

export interface TrafficStep extends TrafficFigures {
  readonly from: string;
}

/** What AWS charges for the records, by measured costs; both ends of it, as nobody stores how records were sent. */
export interface EstimatedCosts {
  /** If they came packed, and if each came as its own message. */
  readonly packed_usd: number;
  readonly single_usd: number;
  /** Addresses that a provider answered for (kept answers included) and those beyond its quota, a day on average. */
  readonly lookups_a_day: readonly {
    readonly provider: string;
    readonly answered: number;
    readonly without_quota: number;
    readonly free_plan: number;
  }[];
}
