/** The namespace of the service's own metrics; set for the function through POWERTOOLS_METRICS_NAMESPACE. */
export const METRICS_NAMESPACE = 'ThreatConsensus';

/** The value of the one dimension of these metrics, `service`, which tells deployments of one account apart. */
export function metricsServiceName(environmentName: string): string {
  return `threat-consensus-${environmentName}`;
}

/**
 * Every metric that the service emits, once: code, alarms and dashboard take the names from here. Counts are
 * sums per invocation over the messages that were completed; a message that fails counts when it succeeds. One
 * that is delivered again although it was completed counts again: the table is the truth, metrics are its pulse.
 */
export const METRICS = {
  recordsReceived: 'RecordsReceived',
  recordsStored: 'RecordsStored',
  recordsDuplicate: 'RecordsDuplicate',
  recordsRejected: 'RecordsRejected',
  /** Entries of messages that are no connections; there where there were some. */
  entriesSkipped: 'EntriesSkipped',
  /** Defects of the code that showed: each cost an endpoint, a look-up or a report, and no message. */
  defects: 'Defects',
  /** Items of the table that were left out because this version of the code does not understand them. */
  unreadableItems: 'UnreadableItems',
  /** Messages of invocations that came to their end, whatever became of them: what failed ones are a share of. */
  messagesReceived: 'MessagesReceived',
  /** Messages handed back to the queue; Lambda's own Errors stay 0 then. */
  messagesFailed: 'MessagesFailed',
  /** Messages received for the fifth time or later. Emitted before work on them begins, so that no crash can hide it. */
  messagesKeepFailing: 'MessagesKeepFailing',
  /** Announcements that were decided and wait to be sent; there where there were some. */
  announcementsDecided: 'AnnouncementsDecided',
  /** Invocations that could not wake the function which sends them: it does so a minute later. There where it was so. */
  wakesFailed: 'AnnouncementWakesFailed',
  /** Messages stored at their first delivery, and not part of a backlog: what stale ones are a share of. */
  messagesTimed: 'MessagesTimed',
  /** Those of them that were stored later after sending than promised: see `FRESH_WITHIN_MS`. */
  messagesStale: 'MessagesStale',
  /** Milliseconds from sending to stored, for the message of an invocation that waited longest; not of a backlog. */
  sentToStored: 'SentToStored',
  /** Milliseconds from the invocation's start to its last summary; where something was stored. */
  receivedToStored: 'ReceivedToStored',
  assessments: 'Assessments',
  /** Assessments for which the scorers were asked: what failures and uncertainty are a share of. */
  consensusAssessments: 'ConsensusAssessments',
  assessmentsWithoutEvidence: 'AssessmentsWithoutEvidence',
  consensusFailures: 'ConsensusFailures',
  /** Assessments for which the legacy scorer was asked and had no score. */
  legacyFailures: 'LegacyFailures',
  /** Assessments with both scores: what divergences and flips are a share of. */
  comparedAssessments: 'ComparedAssessments',
  /** Those whose scores are further apart than the divergence threshold. */
  divergentAssessments: 'DivergentAssessments',
  /** Malicious by the consensus score alone, and by the legacy score alone. */
  newlyMalicious: 'NewlyMaliciousAssessments',
  noLongerMalicious: 'NoLongerMaliciousAssessments',
  highUncertainty: 'HighUncertainty',
  degraded: 'DegradedAssessments',
  malicious: 'MaliciousAssessments',
  /** Sum of threat scores; divided by Assessments it is their average. */
  threatScoreSum: 'ThreatScoreSum',
  /** Sum of consensus scores, whether used or not; divided by ConsensusAssessments it is their average. */
  consensusScoreSum: 'ConsensusScoreSum',
  scorerFailures: {
    statistical: 'ScorerFailuresStatistical',
    rule_based: 'ScorerFailuresRuleBased',
    ml_based: 'ScorerFailuresMlBased',
  },
  /** 1 where the invocation went by older settings, or by none, since what is stored is invalid, unreachable or not there; else 0. */
  settingsInvalid: 'SettingsInvalid',
  /** Keys of the settings that the code does not know. */
  settingsUnknownKeys: 'SettingsUnknownKeys',
  /**
   * Version of the operator's settings that the invocation went by, 1 again after a reset; 0 where it went by the initial
   * ones or by none. The line that the metrics are printed in names the settings, as what is stored does.
   */
  settingsVersion: 'SettingsVersion',
  /** 0 legacy, 1 parallel, 2 consensus. */
  cutoverMode: 'CutoverMode',
  /** For how many of a hundred addresses the consensus score is used: 0 in mode legacy, 100 in mode consensus. */
  consensusPercent: 'ConsensusPercent',
  /** Assessments by threat score, in tenths: from 0 up to but not including 0.1, and so on; the last includes 1. */
  threatScoreBuckets: [
    'ThreatScore00To10',
    'ThreatScore10To20',
    'ThreatScore20To30',
    'ThreatScore30To40',
    'ThreatScore40To50',
    'ThreatScore50To60',
    'ThreatScore60To70',
    'ThreatScore70To80',
    'ThreatScore80To90',
    'ThreatScore90To100',
  ],
} as const;

/**
 * Assessments by the time from the start of work on their unit to the verdict. The 99th percentile is above a bound
 * when more than 1 % of all assessments are in the buckets beyond it.
 */
export const LATENCY_BUCKETS = [
  { maxMilliseconds: 25, metric: 'LatencyUpTo25Ms' },
  { maxMilliseconds: 50, metric: 'LatencyUpTo50Ms' },
  { maxMilliseconds: 100, metric: 'LatencyUpTo100Ms' },
  { maxMilliseconds: 500, metric: 'LatencyUpTo500Ms' },
  { maxMilliseconds: Number.POSITIVE_INFINITY, metric: 'LatencyOver500Ms' },
] as const;

/** What the function emits that reads log files from S3; sums per invocation. */
export const LOG_FILE_METRICS = {
  /** Objects that were read to their end. */
  read: 'LogFilesRead',
  /** Objects that were put aside for a human. */
  failed: 'LogFilesFailed',
  /** Objects that another version replaced before they were read. */
  replaced: 'LogFilesReplaced',
  /** Objects whose notification comes again, since something else failed. */
  delayed: 'LogFilesDelayed',
  /** Notifications of objects that were read before, and of what is no new object. */
  ignored: 'LogNotificationsIgnored',
  /** Entries by what they are: all of them, and those that are sent, are no connections, or are invalid. */
  entriesRead: 'LogEntriesRead',
  entriesSent: 'LogEntriesSent',
  entriesSkipped: 'LogEntriesSkipped',
  entriesInvalid: 'LogEntriesInvalid',
  /** Bytes of objects as they are stored. */
  bytesFetched: 'LogBytesFetched',
} as const;

/** Metrics of look-ups, by source; there where a provider has a key, or a list was imported. */
export const LOOK_UP_METRICS = {
  virustotal: lookUpMetrics('VirusTotal'),
  abuseipdb: lookUpMetrics('AbuseIpdb'),
  /** Addresses that a list names. */
  listed: 'ListingFound',
  /** 1 while keys or lists cannot be refreshed, so that older ones are used, or none; else 0. */
  outdated: 'IntelligenceOutdated',
} as const;

/** Of the function that refreshes feeds, each run; what became of each feed is in the table. */
export const FEED_METRICS = {
  /** Feeds that somebody should look at: they fail in a way that lasts, or have failed twice in a row. */
  failing: 'FeedsFailing',
} as const;

/**
 * Of one provider. Addresses are counted once for each batch that they are in, by what looking them up came to; calls
 * are requests to the provider.
 */
function lookUpMetrics<Provider extends string>(provider: Provider) {
  return {
    calls: `${provider}Calls`,
    /** Calls without an answer: timeouts, 5xx, lost connections, malformed bodies. */
    failures: `${provider}Failures`,
    /** Addresses answered from memory or table. */
    cacheHits: `${provider}CacheHits`,
    /** 1 while calls are held back because the provider keeps failing, else 0; one for each execution environment. */
    circuitOpen: `${provider}CircuitOpen`,
    /** 1 while the provider refuses the key, else 0. */
    badKey: `${provider}BadKey`,
    /** Addresses not asked about because the quota was used up. */
    quotaExhausted: `${provider}QuotaExhausted`,
    outcomes: {
      found: `${provider}Found`,
      unknown: `${provider}Unknown`,
      stale: `${provider}Stale`,
      refused: `${provider}Refused`,
      late: `${provider}Late`,
      circuit_open: `${provider}HeldBack`,
      bad_key: `${provider}KeyRefused`,
      failed: `${provider}Failed`,
    },
  } as const;
}

/** Metrics of sending announcements; there where there is something to report. */
export const ANNOUNCEMENT_METRICS = {
  /** Announcements that were put on the bus. */
  sent: 'AnnouncementsSent',
  /** Announcements that could not be put on the bus; each counts again whenever it fails. */
  failed: 'AnnouncementsFailed',
  /** Announcements beyond the hourly limit, which the digest counts. */
  heldBack: 'AnnouncementsHeldBack',
  /** How long the oldest announcement waits that is not sent, seconds. */
  oldestWaiting: 'OldestAnnouncementAge',
} as const;
