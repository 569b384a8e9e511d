/** AWS limits and defaults that matter as a deployment grows; the account's own are on its Service Quotas pages. */
export const LIMITS = {
  /** Write units per second of one table partition. DynamoDB Developer Guide, "Best practices for partition keys". */
  partitionWriteUnits: 1_000,
  /**
   * Initial throughput of a new on-demand table, which grows to twice its last peak. Same, "On-demand capacity mode".
   */
  newTableWriteUnits: 4_000,
  /** Default quota of a table. Same, "Quotas". */
  tableWriteUnits: 40_000,
  /** In-flight messages of a standard queue. SQS Developer Guide, "Queue quotas". */
  inFlightMessages: 120_000,
  /** Default quota of concurrent executions of an account and region. Lambda Developer Guide, "Quotas". */
  accountConcurrency: 1_000,
  /** Initial pollers of a queue in Lambda, each of which fills a batch. Same, "Polling and batching behavior". */
  pollers: 5,
  /**
   * Messages per second that a poller receives: ten every 10 ms, one request after the other. An assumption, since AWS
   * does not publish it.
   */
  messagesPerPoller: 1_000,
  /** Payload of an invocation. Same, "Quotas". */
  batchBytes: 6 * 1024 * 1024,
  /** Executions that Lambda adds a minute for a queue, and their maximum. Same, "Scaling behavior". */
  concurrencyAddedPerMinute: 300,
  queueConcurrency: 1_250,
  /** Default throughput of GetParameter and GetParameters, shared by an account and region. Systems Manager, "Quotas". */
  parameterReads: 40,
} as const;

/** Calls that the providers' free plans allow. */
export const PROVIDER_QUOTAS = {
  VirusTotal: { perMinute: 4, perDay: 500 },
  AbuseIPDB: { perMinute: 60, perDay: 1_000 },
} as const;
