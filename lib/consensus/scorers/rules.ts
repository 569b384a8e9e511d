import type { Context } from '../context.ts';
import type { Evidence } from '../evidence.ts';

/** The source of a rule's evidence; also the name of the feature that sums up its rules. */
export type RuleSource = 'vendors' | 'lists' | 'reports' | 'context' | 'activity' | 'detections';

/** If a rule holds, the address is malicious with the rule's weight as probability for this reason alone. */
interface Rule {
  /** Text for an analyst. */
  readonly name: string;
  /** Probability of the cause, 0-1 exclusive. */
  readonly weight: number;
  readonly holds: (evidence: Evidence, context: Context) => boolean;
}

/**
 * Rules of one kind in ascending order: an address that meets one meets those before it, so a weight is the
 * contribution of its rung, and the highest rung that holds implies the others.
 */
export type Ladder = readonly Rule[];

/**
 * If it holds, the base rate is multiplied by the factor; evidence itself is not affected. Sources that are silent
 * about the same address say much the same, so only the strongest reassurance counts.
 */
interface Reassurance {
  readonly name: string;
  /** 0-1 exclusive. */
  readonly factor: number;
  readonly holds: (evidence: Evidence) => boolean;
}

/**
 * Reports often arrive late and feeds miss whole weeks, so most of the value of freshness lasts three weeks. This
 * scorer relies on the last week more than the other two.
 */
const WEEK_DAYS = 7;
const LATELY_DAYS = 20;
const SIX_WEEKS_DAYS = 45;

/**
 * Rules that raise a score; the reasoning names ladders in this order.
 *
 * The weights are judgement, based on the frequencies in public reputation sets: reports by one user are weak evidence,
 * recent reports by several users are strong, and a single vendor among ninety is often a false alarm.
 */
export const LADDERS = {
  vendors: [
    [
      { name: 'a vendor', weight: 0.18, holds: (e) => e.vendorFlags > 0 },
      { name: '2+ vendors', weight: 0.45, holds: (e) => e.vendorFlags >= 2 },
      { name: '3+ vendors', weight: 0.35, holds: (e) => e.vendorFlags >= 3 },
      { name: '10+ vendors', weight: 0.6, holds: (e) => e.vendorFlags >= 10 },
    ],
    [
      { name: '4 % of vendors', weight: 0.92, holds: (e) => vendorShare(e) >= 0.04 },
      { name: '20 % of vendors', weight: 0.6, holds: (e) => vendorShare(e) >= 0.2 },
    ],
  ],
  reports: [
    [
      { name: '2+ reports', weight: 0.01, holds: (e) => e.reports >= 2 },
      { name: '2+ reporters', weight: 0.02, holds: (e) => e.reporters >= 2 },
      { name: '3+ reporters', weight: 0.03, holds: (e) => e.reporters >= 3 },
      { name: '5+ reporters', weight: 0.05, holds: (e) => e.reporters >= 5 },
      { name: '10+ reporters', weight: 0.4, holds: (e) => e.reporters >= 10 },
      { name: '30+ reporters', weight: 0.4, holds: (e) => e.reporters >= 30 },
    ],
    [
      { name: '2+ reporters lately', weight: 0.18, holds: (e) => isReported(e, LATELY_DAYS, 2, 2) },
      { name: '3+ reporters lately', weight: 0.1, holds: (e) => isReported(e, LATELY_DAYS, 3, 3) },
    ],
    [
      { name: 'reported lately', weight: 0.01, holds: (e) => isReported(e, LATELY_DAYS, 1, 1) },
      { name: '3+ reports lately', weight: 0.04, holds: (e) => isReported(e, LATELY_DAYS, 3, 1) },
      { name: '5+ reports lately', weight: 0.07, holds: (e) => isReported(e, LATELY_DAYS, 5, 1) },
      { name: '10+ reports lately', weight: 0.13, holds: (e) => isReported(e, LATELY_DAYS, 10, 1) },
    ],
    [
      { name: 'reported this week', weight: 0.02, holds: (e) => isReported(e, WEEK_DAYS, 1, 1) },
      { name: '2+ reporters this week', weight: 0.12, holds: (e) => isReported(e, WEEK_DAYS, 2, 2) },
      { name: '3+ reporters this week', weight: 0.15, holds: (e) => isReported(e, WEEK_DAYS, 3, 3) },
    ],
    [
      { name: '5+ reports in six weeks', weight: 0.05, holds: (e) => isReported(e, SIX_WEEKS_DAYS, 5, 1) },
      { name: '10+ reports in six weeks', weight: 0.04, holds: (e) => isReported(e, SIX_WEEKS_DAYS, 10, 1) },
    ],
    [
      { name: 'abuse confidence 50 %', weight: 0.01, holds: (e) => e.abuseConfidence >= 0.5 },
      { name: 'abuse confidence 75 %', weight: 0.02, holds: (e) => e.abuseConfidence >= 0.75 },
      { name: 'abuse confidence 90 %', weight: 0.04, holds: (e) => e.abuseConfidence >= 0.9 },
    ],
  ],
  context: [
    contextRule('remote administration', 0.015, (_, c) => c.portClass === 'remote administration'),
    contextRule('file sharing', 0.01, (_, c) => c.portClass === 'file sharing'),
    contextRule('database', 0.01, (_, c) => c.portClass === 'database'),
    contextRule('inbound', 0.005, (_, c) => c.isInbound),
    contextRule('hosting provider', 0.005, (_, c) => c.isHosted),
    contextRule('Tor', 0.02, (e) => e.isTor),
  ],
} satisfies Partial<Record<RuleSource, readonly Ladder[]>>;

/** A single rung for a property of the connection or of the address. */
function contextRule(name: string, weight: number, holds: Rule['holds']): Ladder {
  return [{ name, weight, holds }];
}

/** Rules that lower the base rate: sources that were asked and have no evidence against the address. */
export const REASSURANCES: readonly Reassurance[] = [
  { name: 'vendors silent', factor: 0.65, holds: (e) => e.vendors >= 10 && e.vendorFlags === 0 },
  { name: 'hardly reported', factor: 0.45, holds: (e) => e.hasAbuseAnswer && e.abuseConfidence < 0.25 },
  { name: 'whitelisted', factor: 0.5, holds: (e) => e.isWhitelisted },
];

function vendorShare(evidence: Evidence): number {
  return evidence.vendors > 0 ? evidence.vendorFlags / evidence.vendors : 0;
}

/** Whether there are at least this many reports and reporters, the last report within the given days. */
function isReported(evidence: Evidence, days: number, reports: number, reporters: number): boolean {
  return evidence.reportAgeDays <= days && evidence.reports >= reports && evidence.reporters >= reporters;
}
