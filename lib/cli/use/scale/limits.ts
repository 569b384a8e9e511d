/** Limits and defaults of AWS that a deployment meets as it grows; its service quotas pages tell an account's own. */
export const LIMITS = {
  /** Write units per second of one partition of a table. DynamoDB Developer Guide, "Best practices for partition keys". */
  partitionWriteUnits: 1_000,
  /** What a new on-demand table takes at once; it grows to twice its last peak. Same, "On-demand capacity mode". */
  newTableWriteUnits: 4_000,
  /** Default quota of a table. Same, "Quotas". */
  tableWriteUnits: 40_000,
  /** Messages of a standard queue that are received and not deleted. SQS Developer Guide, "Queue quotas". */
  inFlightMessages: 120_000,
  /** Default quota of concurrent executions of an account and region. Lambda Developer Guide, "Quotas". */
  accountConcurrency: 1_000,
  /** Pollers that Lambda begins with for a queue, each of which fills a batch. Same, "Polling and batching behavior". */
  pollers: 5,
  /** Messages per second that a poller receives: ten every 10 ms, one receive after the other. An assumption: AWS does not say. */
  messagesPerPoller: 1_000,
  /** Payload of an invocation. Same, "Quotas". */
  batchBytes: 6 * 1024 * 1024,
  /** Executions that Lambda adds a minute for a queue, and the most it goes to. Same, "Scaling behavior". */
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
