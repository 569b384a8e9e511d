import type { FanOut } from '../../activity/fan-out.ts';
import type { Urgency } from '../../announcement/urgency.ts';
import type { Pattern } from '../../consensus/activity-evidence.ts';
import type { Direction } from '../../consensus/scoring-input.ts';
import type { AttentionReason } from '../../store/assessment.ts';
import type { GroundTruth } from '../../store/labels.ts';
import type { LookUpStatistics } from '../../store/unit-statistics.ts';

/** A site's report of a day or a week. Times are ISO 8601, shares and scores from 0 to 1, money in US dollars. */
export interface SiteReport {
  readonly made_at: string;
  /** Version of the program that made the report. */
  readonly version: string;
  /** Null if the command names the table itself. */
  readonly environment: string | null;
  readonly table: string;
  /** By arrival. */
  readonly since: string;
  readonly until: string;
  /** Most urgent first; addresses already labelled come last. */
  readonly addresses: readonly ReportedAddress[];
  /** Everything that needs a human, shown or not, and what was left out. */
  readonly counts: AddressCounts;
  /** The hosts most at risk first. */
  readonly hosts: readonly HostAtRisk[];
  readonly traffic: TrafficFigures;
  /** The preceding period of equal length. */
  readonly before: TrafficFigures;
  readonly over_time: readonly TrafficStep[];
  readonly lookups: LookUpStatistics;
  readonly skipped: Readonly<Record<string, number>>;
  readonly costs: EstimatedCosts;
}

export interface AddressCounts {
  /** Distinct addresses and directions that need a human, excluding those already labelled. */
  readonly attention: number;
  /** All malicious addresses, labelled or not. */
  readonly malicious: number;
  /** Malicious addresses that were not malicious in the preceding period. */
  readonly new_malicious: number;
  /** Addresses labelled malicious; they are shown after those that need a human. */
  readonly labelled_malicious: number;
  /** Not shown: over the limit; from outside and unanswered; allowlisted now; labelled benign. */
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
  /** Whether it needed no attention, or was not malicious, in the preceding period. */
  readonly is_new: boolean;
  readonly label: GroundTruth | null;
  /** Whether its label leaves nothing to do. */
  readonly is_settled: boolean;
  readonly first_seen: string;
  readonly last_seen: string;
  /** Local hosts and services involved, as far as findings name them. */
  readonly local_hosts: readonly string[];
  readonly services: readonly string[];
  /** Id of the assessment with the highest score. */
  readonly assessment: string;
  /** Evidence from its assessments; null if they have expired. */
  readonly evidence: AddressEvidence | null;
}

export interface AddressEvidence {
  readonly sources: readonly string[];
  readonly votes: readonly { readonly scorer: string; readonly score: number; readonly reasoning: string }[];
  readonly connections: number;
  /** Whether only some of its connections were read. */
  readonly is_partial: boolean;
  /** Connections by event time, in equal steps over the event times of all addresses in the report. */
  readonly over_time: readonly number[];
}

/** A local host, and why it is at risk. */
export interface HostAtRisk {
  readonly host: string;
  /** Malicious addresses that it connects to, worst first. */
  readonly calls: readonly HostContact[];
  /** Malicious addresses that reached it from outside: password guessing, and others that got an answer. */
  readonly reached_by: readonly HostContact[];
  /** Targets it tries without an answer; null if there are none. */
  readonly fan_out: FanOut | null;
}

export interface HostContact {
  readonly address: string;
  readonly score: number;
  readonly urgency: Urgency;
}

/** What arrived, and the results. */
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

/** Estimated AWS charges from measured costs, as a range, since the table does not store how records were sent. */
export interface EstimatedCosts {
  /** If all records were packed, and if each was its own message. */
  readonly packed_usd: number;
  readonly single_usd: number;
  /**
   * Average daily number of addresses answered by a provider (cached answers included), and of addresses over its
   * quota.
   */
  readonly lookups_a_day: readonly {
    readonly provider: string;
    readonly answered: number;
    readonly without_quota: number;
    readonly free_plan: number;
  }[];
}
