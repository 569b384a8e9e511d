/**
 * What may differ between deployments, as it is written: `environment-schema.ts` checks it and fills in the defaults.
 * Types without any of the code behind them, since an app that embeds the service sees them.
 */
export interface ServiceSettings {
  /**
   * CIDR blocks of the site's own public addresses, for records that do not say what is local. Without them the site's
   * own servers may be taken for remote ones: looked up at providers, scored and reported.
   */
  readonly homeNetworks: readonly string[];
  /** How long assessments are kept, counted from the arrival of their message. Days, 1 to 3650; 90 if left out. */
  readonly assessmentRetentionDays?: number | undefined;
  /** How long CloudWatch keeps logs. Days, one of its periods up to 731; 90 if left out. */
  readonly logRetentionDays?: LogRetentionDays | undefined;
  /**
   * What becomes of table, queues and logs when they leave the template; `retain` if left out. The bucket for log files
   * stays in either case, and so does what an operator has set: no template holds it.
   */
  readonly removalPolicy?: 'retain' | 'destroy' | undefined;
  /** Executions of the scoring function at a time, at most: 2 to 1000; 10 if left out. */
  readonly maximumConcurrency?: number | undefined;
  /** Of the functions that score and read log files, 512 to 10240; 1769 if left out, which is one whole virtual CPU. */
  readonly memoryMegabytes?: number | undefined;
  /**
   * Whether two executions are reserved for the function that rolls back, so that nothing else in the account can take
   * them. Lambda keeps 100 unreserved, so that this needs a quota of 102; new accounts have 10. Off if left out.
   */
  readonly reserveRollbackConcurrency?: boolean | undefined;
  /** Where alarms go: e-mail addresses, `https` URLs and ARNs of existing SNS topics, four of these at most. */
  readonly alarmTargets?: readonly string[] | undefined;
  /** Where docs/alarms.md is read, without an anchor; alarms link to its sections. */
  readonly runbookUrl?: string | undefined;
  /** `INFO` if left out. */
  readonly logLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | undefined;
  /** `json` also leaves out the lines in which Lambda reports each invocation; `text` if left out. */
  readonly logFormat?: 'text' | 'json' | undefined;
  /** Whether functions send traces to X-Ray; off if left out. */
  readonly tracing?: boolean | undefined;
  /** Whether table, queues, log files and logs are encrypted with a key of the deployment's own; off if left out. */
  readonly customerManagedKey?: boolean | undefined;
  /** Write request units a second of the table, and of its index, beyond which DynamoDB throttles: 1 to 40000. */
  readonly maximumWriteUnits?: number | undefined;
  /**
   * US dollars a month at which a budget reports, and whose costs count: those tagged as this deployment's, or all of the
   * account.
   */
  readonly monthlyBudget?: { readonly usd: number; readonly costsOf: 'environment' | 'account' } | undefined;
  /** Log files that are read from S3; without anything, from a bucket of the deployment's own. */
  readonly logFiles?: LogFileSettings | undefined;
  /** Which lists of addresses are used: changes to the catalogue, and lists of the site's own. */
  readonly feeds?: FeedSettings | undefined;
  /** What is announced, and how often. */
  readonly announcements?: AnnouncementChoice | undefined;
  /** Where announcements go: ten targets at most, each with a name of its own. */
  readonly announcementTargets?: readonly AnnouncementTargetSettings[] | undefined;
  /** When alarms go off; each threshold has a default. */
  readonly alarms?: AlarmSettings | undefined;
  /** Alarms of which any takes the deployment back to the legacy score; all of these if left out. */
  readonly rollbackOn?: readonly RollbackCause[] | undefined;
}

/** Periods for which CloudWatch keeps logs, in days, up to two years. */
export type LogRetentionDays = 1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 120 | 150 | 180 | 365 | 400 | 545 | 731;

/** Signs that the consensus itself fails, or takes the function with it. Odd scores are for humans to judge. */
export type RollbackCause = 'consensus-failure-rate' | 'scorer-failure-rate' | 'function-errors';

/** When alarms go off. Shares are above 0 and below 1. docs/alarms.md has the reasons for the defaults. */
export interface AlarmSettings {
  /** Share of the assessments for which the scorers were asked that have no consensus. */
  readonly consensusFailureRate?: number | undefined;
  /** Share of the same on which the scorers disagree. */
  readonly uncertaintyRate?: number | undefined;
  /** Average consensus score of a quarter of an hour of traffic: within this band nothing is suspicious. */
  readonly averageScore?: { readonly minimum: number; readonly maximum: number } | undefined;
  /** Share of its votes that one scorer fails to give. */
  readonly scorerFailureRate?: number | undefined;
  /** Share of records that are invalid. */
  readonly rejectedShare?: number | undefined;
  /** Invalid records in an hour, where so few records come that no share is judged. */
  readonly rejectedRecordsPerHour?: number | undefined;
  /** Share of the messages received that are handed back to the queue. */
  readonly messagesFailedShare?: number | undefined;
  /** Share of executions that crash, time out or run out of memory. */
  readonly functionErrorShare?: number | undefined;
  /** So many hours without a message are an incident, 1 to 24; left out, they never are. */
  readonly nothingReceivedHours?: number | undefined;
  /** Age of the oldest message in the work queue, seconds. */
  readonly oldestMessageSeconds?: number | undefined;
  /** Age of the oldest notification of a log file that is not read yet, seconds. */
  readonly oldestLogFileSeconds?: number | undefined;
  /** Share of the entries of log files that are no connections. */
  readonly skippedShare?: number | undefined;
  /** Share of the entries of log files that are invalid. */
  readonly invalidShare?: number | undefined;
}

/** Formats of log files that may have to be named. */
export type ObjectFormat = 'json' | 'zeek-json' | 'zeek-tsv' | 'eve' | 'vpc-flow' | 'parquet';

/** Where log files are read from. */
export interface LogFileSettings {
  /** Days for which the deployment's own bucket keeps a file; 30 if left out. */
  readonly retentionDays?: number | undefined;
  /** Formats of files in that bucket that don't show theirs, by the beginning of their keys. */
  readonly formats?:
    | readonly { readonly prefix?: string | undefined; readonly format: ObjectFormat }[]
    | undefined;
  /** Other buckets of the account and region, or parts of them. */
  readonly existing?:
    | readonly {
        readonly bucket: string;
        /** Of the keys that are read; all without. */
        readonly prefix?: string | undefined;
        /** Of the files there, where they don't show it themselves. */
        readonly format?: ObjectFormat | undefined;
        /** ARN of the KMS key that its objects are encrypted with, where it is one of the account's own. */
        readonly keyArn?: string | undefined;
      }[]
    | undefined;
  /** ARNs of SNS topics to which such buckets report new objects; the others report to EventBridge. */
  readonly topics?: readonly string[] | undefined;
  /** Files that are read at a time, at most: 2 to 1000; 2 if left out. */
  readonly maximumConcurrency?: number | undefined;
}

/** What a site changes about the lists of addresses. */
export interface FeedSettings {
  /** Whether the catalogue's lists are used at all; they are if left out. */
  readonly catalogue?: boolean | undefined;
  /** Lists of the catalogue that are off by default, by name. */
  readonly on?: readonly string[] | undefined;
  /** Lists of the catalogue that are on by default. */
  readonly off?: readonly string[] | undefined;
  /** Lists of the site's own, a hundred at most. */
  readonly own?: readonly OwnFeed[] | undefined;
}

/** A list of addresses that keeps itself up to date; docs/intelligence.md has examples. */
export interface OwnFeed {
  readonly name: string;
  /** Where it is fetched; without, `entries` are the list. */
  readonly url?: string | undefined;
  /** Allows `http` where the host is this machine. */
  readonly plainHttp?: true | undefined;
  /** The list itself, where it is short and hardly changes: addresses, CIDR blocks and ranges. */
  readonly entries?: readonly string[] | undefined;
  readonly format: 'lines' | 'columns' | 'json' | 'json-lines' | 'zone';
  /** The field of a JSON document that holds the list; without, it is looked for. */
  readonly at?: string | undefined;
  /** Sent with the request as the header `key`, from the parameter that holds this provider's key. */
  readonly keyOf?: 'abuseipdb' | undefined;
  readonly kind: 'malicious' | 'suspicious' | 'known-good' | 'infrastructure';
  /** Lists that copy one another, or see the same, are one family: the strongest of them counts. */
  readonly family: string;
  /** Likelihood ratio of being listed, malicious to harmless addresses; 1 for the neutral kinds. */
  readonly weight: number;
  /** How often it is fetched. */
  readonly everyHours: number;
  /** Days after which an entry that is no longer listed counts half; after three times as many it is gone. */
  readonly halfLifeDays: number;
  /** How long the last good list is used when newer ones cannot be had. */
  readonly expiresDays: number;
  /** Whether the list is sometimes empty, and that is no fault. */
  readonly mayBeEmpty?: true | undefined;
  readonly licence: {
    readonly name: string;
    readonly url?: string | undefined;
    /** Who must be named where the list is used. */
    readonly attribution: string;
  };
  /** Why it is not used unless a site switches it on. */
  readonly offBecause?: string | undefined;
}

export type AnnouncementKind = 'new-malicious' | 'worse' | 'cleared' | 'digest';

/** What is announced, and how often. */
export interface AnnouncementChoice {
  /** All of them if left out. */
  readonly kinds?: readonly AnnouncementKind[] | undefined;
  /** Which connections make an address worth announcing; `outbound`, `inbound-answered` and `external` if left out. */
  readonly directions?:
    | readonly ('outbound' | 'inbound-answered' | 'inbound-unanswered' | 'internal' | 'external')[]
    | undefined;
  /** Threat score below which nothing is announced, malicious or not, 0 to 1; 0 if left out. */
  readonly minimumScore?: number | undefined;
  /** At most one announcement of a kind about an address within so many hours, 1 to 720; 24 if left out. */
  readonly quietHours?: number | undefined;
  /** At most so many announcements an hour; 60 if left out. The digest counts the others. */
  readonly mostPerHour?: number | undefined;
  /** Whether addresses for which the legacy score is in use are announced too; not if left out. */
  readonly withLegacy?: boolean | undefined;
}

interface AnyTarget {
  /** Up to 20 lower-case letters and digits, beginning with a letter. Who renames a target makes another one. */
  readonly name: string;
  /** What it is sent; everything if left out. */
  readonly kinds?: readonly AnnouncementKind[] | undefined;
  /** The least severity that it is sent; all if left out. */
  readonly minimumSeverity?: 'informational' | 'low' | 'medium' | 'high' | undefined;
}

/** Where announcements go, and in which shape. Secrets are names of secrets in Secrets Manager. */
export type AnnouncementTargetSettings =
  | (AnyTarget & { readonly type: 'email'; readonly address: string })
  /** A topic that lets EventBridge publish. */
  | (AnyTarget & { readonly type: 'topic'; readonly arn: string })
  /** The secret holds the URL of an incoming webhook. */
  | (AnyTarget & { readonly type: 'slack'; readonly urlSecret: string })
  /** The secret holds the URL of a workflow that posts what it gets. */
  | (AnyTarget & { readonly type: 'teams'; readonly urlSecret: string })
  /** The secret holds the routing key of an Events API v2 integration. */
  | (AnyTarget & { readonly type: 'pagerduty'; readonly routingKeySecret: string })
  /** Any HTTPS endpoint; it gets the whole event, and the secret in a header. */
  | (AnyTarget & {
      readonly type: 'webhook';
      readonly url: string;
      readonly header: string;
      readonly secret: string;
    });
