/** Namespace of the service's own metrics; passed to the function in POWERTOOLS_METRICS_NAMESPACE. */
export const METRICS_NAMESPACE = 'ThreatConsensus';

/** Value of the metrics' only dimension, `service`, which separates the deployments of an account. */
export function metricsServiceName(environmentName: string): string {
  return `threat-consensus-${environmentName}`;
}

/**
 * Every metric of the service, defined once for code, alarms and dashboard. Counts are sums per invocation over
 * completed messages; a failed message counts once it succeeds. A completed message that is delivered again counts
 * twice: exact figures are in the table.
 */
export const METRICS = {
  recordsReceived: 'RecordsReceived',
  recordsStored: 'RecordsStored',
  recordsDuplicate: 'RecordsDuplicate',
  recordsRejected: 'RecordsRejected',
  /** Entries of messages that are not connections; emitted only if there were any. */
  entriesSkipped: 'EntriesSkipped',
  /** Exceptions that point to a defect in the code: each cost an endpoint, a look-up or a report, but no message. */
  defects: 'Defects',
  /** Table items that were ignored because this version of the code does not understand them. */
  unreadableItems: 'UnreadableItems',
  /** Messages of all invocations that finished, whatever the outcome; the denominator for failed messages. */
  messagesReceived: 'MessagesReceived',
  /** Messages returned to the queue; Lambda's own Errors metric stays 0 for these. */
  messagesFailed: 'MessagesFailed',
  /** Messages received for the fifth time or more. Emitted before work on them begins, so a crash cannot hide it. */
  messagesKeepFailing: 'MessagesKeepFailing',
  /** Announcements decided and waiting to be sent; emitted only if there were any. */
  announcementsDecided: 'AnnouncementsDecided',
  /**
   * Invocations that could not wake the sending function, which then sends a minute later; emitted only if there were
   * any.
   */
  wakesFailed: 'AnnouncementWakesFailed',
  /** Messages stored at their first delivery and not part of a backlog; the denominator for stale messages. */
  messagesTimed: 'MessagesTimed',
  /** Of these, messages stored later than promised: see `FRESH_WITHIN_MS`. */
  messagesStale: 'MessagesStale',
  /** Milliseconds from sending to stored, for the invocation's longest-waiting message; backlog excluded. */
  sentToStored: 'SentToStored',
  /** Milliseconds from the invocation's start to its last summary; emitted only if something was stored. */
  receivedToStored: 'ReceivedToStored',
  assessments: 'Assessments',
  /** Assessments that ran the scorers; the denominator for failures and uncertainty. */
  consensusAssessments: 'ConsensusAssessments',
  assessmentsWithoutEvidence: 'AssessmentsWithoutEvidence',
  consensusFailures: 'ConsensusFailures',
  /** Assessments that asked the legacy scorer and got no score. */
  legacyFailures: 'LegacyFailures',
  /** Assessments with both scores; the denominator for divergences and flips. */
  comparedAssessments: 'ComparedAssessments',
  /** Of these, assessments whose scores differ by more than the divergence threshold. */
  divergentAssessments: 'DivergentAssessments',
  /** Malicious only by the consensus score, and only by the legacy score. */
  newlyMalicious: 'NewlyMaliciousAssessments',
  noLongerMalicious: 'NoLongerMaliciousAssessments',
  highUncertainty: 'HighUncertainty',
  degraded: 'DegradedAssessments',
  malicious: 'MaliciousAssessments',
  /** Sum of threat scores; divided by Assessments it gives the average. */
  threatScoreSum: 'ThreatScoreSum',
  /** Sum of consensus scores, used or not; divided by ConsensusAssessments it gives the average. */
  consensusScoreSum: 'ConsensusScoreSum',
  scorerFailures: {
    statistical: 'ScorerFailuresStatistical',
    rule_based: 'ScorerFailuresRuleBased',
    ml_based: 'ScorerFailuresMlBased',
  },
  /**
   * 1 if the invocation used older settings or none, because the stored ones are invalid, unreachable or missing; else
   * 0.
   */
  settingsInvalid: 'SettingsInvalid',
  /** Unknown keys in the settings. */
  settingsUnknownKeys: 'SettingsUnknownKeys',
  /**
   * Version of the operator's settings that the invocation used, back to 1 after a reset; 0 for the initial settings or
   * none. The metrics' log line identifies the settings, as stored items do.
   */
  settingsVersion: 'SettingsVersion',
  /** 0 legacy, 1 parallel, 2 consensus. */
  cutoverMode: 'CutoverMode',
  /** Percentage of addresses that use the consensus score: 0 in mode legacy, 100 in mode consensus. */
  consensusPercent: 'ConsensusPercent',
  /** Assessments by threat score, in tenths: from 0 to just below 0.1, and so on; the last includes 1. */
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
 * Assessments by the time from the start of work on their unit to the verdict. The 99th percentile exceeds a bound if
 * more than 1 % of all assessments are in the buckets above it.
 */
export const LATENCY_BUCKETS = [
  { maxMilliseconds: 25, metric: 'LatencyUpTo25Ms' },
  { maxMilliseconds: 50, metric: 'LatencyUpTo50Ms' },
  { maxMilliseconds: 100, metric: 'LatencyUpTo100Ms' },
  { maxMilliseconds: 500, metric: 'LatencyUpTo500Ms' },
  { maxMilliseconds: Number.POSITIVE_INFINITY, metric: 'LatencyOver500Ms' },
] as const;

/** Metrics of the function that reads log files from S3; sums per invocation. */
export const LOG_FILE_METRICS = {
  /** Objects read completely. */
  read: 'LogFilesRead',
  /** Objects sent to the dead-letter queue, for a human. */
  failed: 'LogFilesFailed',
  /** Objects replaced by a newer version before they were read. */
  replaced: 'LogFilesReplaced',
  /** Objects whose notification will be delivered again after an external failure. */
  delayed: 'LogFilesDelayed',
  /** Notifications of objects already read, and events that are not about a new object. */
  ignored: 'LogNotificationsIgnored',
  /** Entries: all of them, those sent, those that are not connections, and invalid ones. */
  entriesRead: 'LogEntriesRead',
  entriesSent: 'LogEntriesSent',
  entriesSkipped: 'LogEntriesSkipped',
  entriesInvalid: 'LogEntriesInvalid',
  /** Bytes fetched, as stored in S3. */
  bytesFetched: 'LogBytesFetched',
} as const;

/** Metrics of look-ups, by source; emitted only if a provider has a key, or a list was imported. */
export const LOOK_UP_METRICS = {
  virustotal: lookUpMetrics('VirusTotal'),
  abuseipdb: lookUpMetrics('AbuseIpdb'),
  /** Addresses that are on a list. */
  listed: 'ListingFound',
  /** 1 while keys or lists cannot be refreshed, so older ones or none are used; else 0. */
  outdated: 'IntelligenceOutdated',
} as const;

/** Metrics of the function that refreshes feeds, once per run; each feed's result is in the table. */
export const FEED_METRICS = {
  /** Feeds that need a human: they failed permanently, or twice in a row. */
  failing: 'FeedsFailing',
} as const;

/**
 * Metrics of one provider. Addresses count once per batch, by the result of their look-up; calls are requests to the
 * provider.
 */
function lookUpMetrics<Provider extends string>(provider: Provider) {
  return {
    calls: `${provider}Calls`,
    /** Calls without an answer: timeouts, 5xx, lost connections, malformed bodies. */
    failures: `${provider}Failures`,
    /** Addresses answered from memory or from the table. */
    cacheHits: `${provider}CacheHits`,
    /** 1 while calls are suspended because the provider keeps failing, else 0; per execution environment. */
    circuitOpen: `${provider}CircuitOpen`,
    /** 1 while the provider rejects the key, else 0. */
    badKey: `${provider}BadKey`,
    /** Addresses not looked up because the quota was used up. */
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

/** Metrics of sending announcements; emitted only if there is something to report. */
export const ANNOUNCEMENT_METRICS = {
  /** Announcements put on the bus. */
  sent: 'AnnouncementsSent',
  /** Announcements that could not be put on the bus; each failed attempt counts. */
  failed: 'AnnouncementsFailed',
  /** Announcements over the hourly limit, which are only counted in the digest. */
  heldBack: 'AnnouncementsHeldBack',
  /** Age of the oldest unsent announcement, in seconds. */
  oldestWaiting: 'OldestAnnouncementAge',
} as const;
