/**
 * Settings that may differ between deployments, in the form in which they are written: `environment-schema.ts` checks
 * them and fills in the defaults. The types don't depend on that code, since they are visible to apps that embed the
 * service.
 */
export interface ServiceSettings {
  /**
   * CIDR blocks of the site's own public addresses, for records that do not say which side is local. Without them the
   * site's own servers may be mistaken for remote addresses: looked up at providers, scored and reported.
   */
  readonly homeNetworks: readonly string[];
  /** How long assessments are kept, counted from the arrival of their message. Days, 1 to 3650; 90 if omitted. */
  readonly assessmentRetentionDays?: number | undefined;
  /** How long CloudWatch keeps logs. Days, one of its periods up to 731; 90 if omitted. */
  readonly logRetentionDays?: LogRetentionDays | undefined;
  /**
   * What happens to table, queues and logs when they are removed from the template; `retain` if omitted. The bucket for
   * log files stays in either case, and so do an operator's settings, which are in no template.
   */
  readonly removalPolicy?: 'retain' | 'destroy' | undefined;
  /** Maximum concurrent executions of the scoring function: 2 to 1000; 10 if omitted. */
  readonly maximumConcurrency?: number | undefined;
  /**
   * Memory of the functions that score and read log files, 512 to 10240; 1769 if omitted, which is one full virtual
   * CPU.
   */
  readonly memoryMegabytes?: number | undefined;
  /**
   * Whether a concurrency of two is reserved for the rollback function, so that nothing else in the account can take
   * it. Lambda requires 100 unreserved, so this needs a quota of 102; new accounts have 10. Off if omitted.
   */
  readonly reserveRollbackConcurrency?: boolean | undefined;
  /**
   * Where alarms are sent: email addresses, `https` URLs and ARNs of existing SNS topics, at most four of the latter.
   */
  readonly alarmTargets?: readonly string[] | undefined;
  /** URL of docs/alarms.md, without an anchor; alarms link to its sections. */
  readonly runbookUrl?: string | undefined;
  /** `INFO` if omitted. */
  readonly logLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | undefined;
  /** `json` also omits the lines in which Lambda reports each invocation; `text` if omitted. */
  readonly logFormat?: 'text' | 'json' | undefined;
  /** Whether functions send traces to X-Ray; off if omitted. */
  readonly tracing?: boolean | undefined;
  /** Whether table, queues, log files and logs are encrypted with the deployment's own key; off if omitted. */
  readonly customerManagedKey?: boolean | undefined;
  /** Write request units per second of the table, and of its index, above which DynamoDB throttles: 1 to 40000. */
  readonly maximumWriteUnits?: number | undefined;
  /**
   * Monthly budget in US dollars, and the costs it covers: those tagged as this deployment's, or the whole account's.
   */
  readonly monthlyBudget?: { readonly usd: number; readonly costsOf: 'environment' | 'account' } | undefined;
  /** Log files that are read from S3; if omitted, from the deployment's own bucket. */
  readonly logFiles?: LogFileSettings | undefined;
  /** The address lists in use: changes to the catalogue, and the site's own lists. */
  readonly feeds?: FeedSettings | undefined;
  /** Which announcements are made, and how often. */
  readonly announcements?: AnnouncementChoice | undefined;
  /** Destinations of announcements: at most ten, with distinct names. */
  readonly announcementTargets?: readonly AnnouncementTargetSettings[] | undefined;
  /** Thresholds of alarms; each has a default. */
  readonly alarms?: AlarmSettings | undefined;
  /** Alarms that roll the deployment back to the legacy score; all of these if omitted. */
  readonly rollbackOn?: readonly RollbackCause[] | undefined;
}

/** Periods for which CloudWatch keeps logs, in days, up to two years. */
export type LogRetentionDays = 1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 120 | 150 | 180 | 365 | 400 | 545 | 731;

/** Signs that the consensus itself fails, or makes the function fail. Unusual scores are for humans to judge. */
export type RollbackCause = 'consensus-failure-rate' | 'scorer-failure-rate' | 'function-errors';

/** Thresholds of alarms. Shares are above 0 and below 1. docs/alarms.md has the reasons for the defaults. */
export interface AlarmSettings {
  /** Share without a consensus of the assessments for which the scorers were asked. */
  readonly consensusFailureRate?: number | undefined;
  /** Share of those assessments on which the scorers disagree. */
  readonly uncertaintyRate?: number | undefined;
  /** Average consensus score of a quarter of an hour of traffic: within this range nothing is suspicious. */
  readonly averageScore?: { readonly minimum: number; readonly maximum: number } | undefined;
  /** Share of one scorer's votes that fail. */
  readonly scorerFailureRate?: number | undefined;
  /** Share of records that are invalid. */
  readonly rejectedShare?: number | undefined;
  /** Invalid records per hour, when there are too few records to judge a share. */
  readonly rejectedRecordsPerHour?: number | undefined;
  /** Share of received messages that are returned to the queue. */
  readonly messagesFailedShare?: number | undefined;
  /** Share of executions that crash, time out or run out of memory. */
  readonly functionErrorShare?: number | undefined;
  /** This many hours without a message are an incident, 1 to 24; if omitted, they never are. */
  readonly nothingReceivedHours?: number | undefined;
  /** Age of the oldest message in the work queue, seconds. */
  readonly oldestMessageSeconds?: number | undefined;
  /** Age of the oldest notification of an unread log file, seconds. */
  readonly oldestLogFileSeconds?: number | undefined;
  /** Share of the entries of log files that are not connections. */
  readonly skippedShare?: number | undefined;
  /** Share of the entries of log files that are invalid. */
  readonly invalidShare?: number | undefined;
}

/** Log file formats that may have to be specified. */
export type ObjectFormat = 'json' | 'zeek-json' | 'zeek-tsv' | 'eve' | 'vpc-flow' | 'parquet';

/** Sources of log files. */
export interface LogFileSettings {
  /** Days for which the deployment's own bucket keeps a file; 30 if omitted. */
  readonly retentionDays?: number | undefined;
  /** Formats of files in that bucket whose format can't be detected, by key prefix. */
  readonly formats?:
    | readonly { readonly prefix?: string | undefined; readonly format: ObjectFormat }[]
    | undefined;
  /** Other buckets in the same account and region, or parts of them. */
  readonly existing?:
    | readonly {
        readonly bucket: string;
        /** Prefix of the keys that are read; all if omitted. */
        readonly prefix?: string | undefined;
        /** Format of the files there, if it can't be detected. */
        readonly format?: ObjectFormat | undefined;
        /** ARN of the KMS key that encrypts its objects, if it is one of the account's own. */
        readonly keyArn?: string | undefined;
      }[]
    | undefined;
  /** ARNs of SNS topics to which such buckets report new objects; the others report to EventBridge. */
  readonly topics?: readonly string[] | undefined;
  /** Maximum number of files read at the same time: 2 to 1000; 2 if omitted. */
  readonly maximumConcurrency?: number | undefined;
}

/** A site's changes to the address lists. */
export interface FeedSettings {
  /** Whether the catalogue's lists are used at all; they are if omitted. */
  readonly catalogue?: boolean | undefined;
  /** Lists of the catalogue that are off by default, by name. */
  readonly on?: readonly string[] | undefined;
  /** Lists of the catalogue that are on by default. */
  readonly off?: readonly string[] | undefined;
  /** The site's own lists, at most a hundred. */
  readonly own?: readonly OwnFeed[] | undefined;
}

/** An address list that is refreshed automatically; docs/intelligence.md has examples. */
export interface OwnFeed {
  readonly name: string;
  /** Where it is fetched from: an https URL or `s3://bucket/key`; without one, `entries` are the list. */
  readonly url?: string | undefined;
  /** ARN of the KMS key that encrypts the object in the bucket, if it is a customer managed key. */
  readonly keyArn?: string | undefined;
  /** Allows `http` if the host is this machine. */
  readonly plainHttp?: true | undefined;
  /** The list itself, if it is short and hardly ever changes: addresses, CIDR blocks and ranges. */
  readonly entries?: readonly string[] | undefined;
  readonly format: 'lines' | 'columns' | 'json' | 'json-lines' | 'zone';
  /** The field of a JSON document that holds the list; without it, the reader searches for the list. */
  readonly at?: string | undefined;
  /** Sent with the request as the header `key`; read from the parameter that holds this provider's key. */
  readonly keyOf?: 'abuseipdb' | undefined;
  readonly kind: 'malicious' | 'suspicious' | 'known-good' | 'infrastructure';
  /** Lists that copy each other, or have the same sources, are one family, in which only the strongest counts. */
  readonly family: string;
  /** Likelihood ratio of being listed, malicious to harmless addresses; 1 for the neutral kinds. */
  readonly weight: number;
  /** Interval between fetches. */
  readonly everyHours: number;
  /** Days after which an entry that is no longer listed counts half; after three times as many it is dropped. */
  readonly halfLifeDays: number;
  /** How long the last good list is used if newer ones are not available. */
  readonly expiresDays: number;
  /** Whether an empty list is normal. */
  readonly mayBeEmpty?: true | undefined;
  readonly licence: {
    readonly name: string;
    readonly url?: string | undefined;
    /** The attribution required where the list is used. */
    readonly attribution: string;
  };
  /** Why it is off unless a site switches it on. */
  readonly offBecause?: string | undefined;
}

export type AnnouncementKind = 'new-malicious' | 'worse' | 'cleared' | 'digest';

/** Which announcements are made, and how often. */
export interface AnnouncementChoice {
  /** All kinds if omitted. */
  readonly kinds?: readonly AnnouncementKind[] | undefined;
  /** Which connections make an address worth announcing; `outbound`, `inbound-answered` and `external` if omitted. */
  readonly directions?:
    | readonly ('outbound' | 'inbound-answered' | 'inbound-unanswered' | 'internal' | 'external')[]
    | undefined;
  /** Threat score below which nothing is announced, malicious or not, 0 to 1; 0 if omitted. */
  readonly minimumScore?: number | undefined;
  /** At most one announcement of a kind per address within this many hours, 1 to 720; 24 if omitted. */
  readonly quietHours?: number | undefined;
  /** At most this many announcements per hour; 60 if omitted. The digest counts the others. */
  readonly mostPerHour?: number | undefined;
  /** Whether addresses for which the legacy score is in use are announced too; not if omitted. */
  readonly withLegacy?: boolean | undefined;
}

interface AnyTarget {
  /** Up to 20 lower-case letters and digits, beginning with a letter. Renaming a target replaces it. */
  readonly name: string;
  /** The kinds sent to it; all if omitted. */
  readonly kinds?: readonly AnnouncementKind[] | undefined;
  /** The lowest severity sent to it; all if omitted. */
  readonly minimumSeverity?: 'informational' | 'low' | 'medium' | 'high' | undefined;
}

/** A destination of announcements, and its format. Secrets are names of secrets in Secrets Manager. */
export type AnnouncementTargetSettings =
  | (AnyTarget & { readonly type: 'email'; readonly address: string })
  /** A topic that allows EventBridge to publish. */
  | (AnyTarget & { readonly type: 'topic'; readonly arn: string })
  /** The secret holds the URL of an incoming webhook. */
  | (AnyTarget & { readonly type: 'slack'; readonly urlSecret: string })
  /** The secret holds the URL of a workflow that posts the messages it receives. */
  | (AnyTarget & { readonly type: 'teams'; readonly urlSecret: string })
  /** The secret holds the routing key of an Events API v2 integration. */
  | (AnyTarget & { readonly type: 'pagerduty'; readonly routingKeySecret: string })
  /** Any HTTPS endpoint; it receives the whole event, with the secret in a header. */
  | (AnyTarget & {
      readonly type: 'webhook';
      readonly url: string;
      readonly header: string;
      readonly secret: string;
    });
