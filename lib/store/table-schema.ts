/** Version of the stored form. Readers treat items of another version as missing. */
export const SCHEMA_VERSION = 4;

/** Attribute names that the table's definition and the code share. */
export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';
/** Content of storage units: items by address, and summaries by unit. */
export const ADDRESS_PARTITION_PREFIX = 'address#';
export const UNIT_PARTITION_PREFIX = 'unit#';
export const SUMMARY_SORT_KEY = 'summary';
export const SUMMARY_PART_SORT_KEY = 'part';
/** Labels are in separate partitions, so that analysts can write to them but not to assessments. */
export const LABEL_PARTITION_PREFIX = 'label#';
/** Quota counters, providers' answers and lists are in separate partitions too. */
export const QUOTA_PARTITION_PREFIX = 'quota#';
export const INTEL_PARTITION_PREFIX = 'intel#';
export const LIST_PARTITION_PREFIX = 'list';
/** Addresses that need no human. */
export const ALLOWLIST_PARTITION = 'allowlist';
/** Deliveries of messages that keep failing. */
export const ATTEMPT_PARTITION_PREFIX = 'attempt#';
/** Findings, and the announcements made about an address. */
export const FINDING_PARTITION_PREFIX = 'finding#';
export const ANNOUNCED_PARTITION_PREFIX = 'announced#';
/** Log files in S3, and how far each was read. */
export const OBJECT_PARTITION_PREFIX = 'object#';
/** In the time index: announcements still to be sent. */
export const OUTBOX_PARTITION_PREFIX = 'outbox#';
export const EXPIRY_ATTRIBUTE = 'expires_at';

/**
 * The only index, by time. It is sparse: only summaries, findings, labels, log files and pending announcements are in
 * it, and it carries only keys and a summary's statistics, so that an index write stays at one unit.
 */
export const TIME_INDEX = {
  name: 'by-time',
  partitionKey: 'time_bucket',
  sortKey: 'ingested_at',
  projected: ['schema', 'statistics', 'times', EXPIRY_ATTRIBUTE],
} as const;

/**
 * An address's items are spread over this many partitions by unit, since one address can take a fifth of all traffic
 * and a partition takes 1,000 write units per second. Reading an address queries each of them. Changing this number
 * hides stored items: raise it only together with the readers.
 */
export const ADDRESS_SHARDS = 4;

/**
 * The summaries of a minute, which all executions write, are spread likewise; looking for a message queries each
 * partition.
 */
export const MINUTE_SHARDS = 4;

/** Announcements still to be sent are spread over this many partitions of the index. */
export const OUTBOX_SHARDS = 4;

/** Each day of the index is spread over this many partitions, since all executions write to the current one. */
export const TIME_SHARDS = 8;
