/** Version of the stored form. An item of another version is not there for its readers. */
export const SCHEMA_VERSION = 4;

/** Attribute names that the table's definition and the code share. */
export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';
/** What storage units hold: items by address, and summaries by unit. */
export const ADDRESS_PARTITION_PREFIX = 'address#';
export const UNIT_PARTITION_PREFIX = 'unit#';
export const SUMMARY_SORT_KEY = 'summary';
export const SUMMARY_PART_SORT_KEY = 'part';
/** Labels are in partitions of their own, which analysts may write to while assessments stay as they are. */
export const LABEL_PARTITION_PREFIX = 'label#';
/** So are quota counters, kept answers of providers, and lists. */
export const QUOTA_PARTITION_PREFIX = 'quota#';
export const INTEL_PARTITION_PREFIX = 'intel#';
export const LIST_PARTITION_PREFIX = 'list';
/** Addresses that need nobody's attention. */
export const ALLOWLIST_PARTITION = 'allowlist';
/** Deliveries of messages that keep failing. */
export const ATTEMPT_PARTITION_PREFIX = 'attempt#';
/** What needs a human, and what was announced about an address. */
export const FINDING_PARTITION_PREFIX = 'finding#';
export const ANNOUNCED_PARTITION_PREFIX = 'announced#';
/** Log files in S3, and how far each was read. */
export const OBJECT_PARTITION_PREFIX = 'object#';
/** Of the time index: announcements that are still to be sent. */
export const OUTBOX_PARTITION_PREFIX = 'outbox#';
export const EXPIRY_ATTRIBUTE = 'expires_at';

/**
 * The one index: what happened when. It is sparse: only summaries and assessments that need a human are in
 * it, and it carries nothing but keys and a summary's statistics, so that index writes stay at one unit.
 */
export const TIME_INDEX = {
  name: 'by-time',
  partitionKey: 'time_bucket',
  sortKey: 'ingested_at',
  projected: ['schema', 'statistics', 'times', EXPIRY_ATTRIBUTE],
} as const;

/**
 * An address's items are spread over this many partitions by unit, since one address can take a fifth of
 * all traffic and a partition takes 1,000 write units per second. Reading an address asks each.
 * Changing it hides what is stored: raise it only together with the readers.
 */
export const ADDRESS_SHARDS = 4;

/** So are the summaries of a minute, which all executions write; whoever looks for a message asks each. */
export const MINUTE_SHARDS = 4;

/** Announcements that are still to be sent stand in so many partitions of the index. */
export const OUTBOX_SHARDS = 4;

/** Each day of the index, to which all writers write, is spread over this many partitions. */
export const TIME_SHARDS = 8;
