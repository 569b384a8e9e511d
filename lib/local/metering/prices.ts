/**
 * AWS list prices for us-east-1 in US dollars, without free tiers, as of November 2026. They change: look them up on the
 * pages named beside them before deciding by them.
 */
export const PRICES = {
  /** On demand, standard table class; halved in November 2024. https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  dynamodbWriteUnit: 0.625e-6,
  dynamodbReadUnit: 0.125e-6,
  /** Data and, with point-in-time recovery, its continuous backup. */
  dynamodbGigabyteMonth: 0.25,
  dynamodbRecoveryGigabyteMonth: 0.2,
  /** Standard queues; a request is a started 64 KB. https://aws.amazon.com/sqs/pricing/ */
  sqsRequest: 0.4e-6,
  /** Requests that put an object, standard class, and that read one. https://aws.amazon.com/s3/pricing/ */
  s3Put: 5e-6,
  s3Get: 0.4e-6,
  /** On arm64, first tier. https://aws.amazon.com/lambda/pricing/ */
  lambdaInvocation: 0.2e-6,
  lambdaGigabyteSecond: 13.3334e-6,
  /** Events that are put on a bus of one's own, by the started 64 KB. https://aws.amazon.com/eventbridge/pricing/ */
  eventPut: 1e-6,
  /** Events that an API destination is called with. */
  apiDestinationCall: 0.2e-6,
  /** Notifications by e-mail beyond the free ones; 2.00 for 100,000. https://aws.amazon.com/sns/pricing/ */
  emailNotification: 20e-6,
  /** Logs taken in, standard class. https://aws.amazon.com/cloudwatch/pricing/ */
  logGigabyte: 0.5,
  /** A custom metric, by the hour in which it has data; first tier. */
  metricMonth: 0.3,
  /** An alarm, by each metric that it looks at; a high-resolution one looks more often than once a minute. */
  alarmMetricMonth: 0.1,
  highResolutionAlarmMetricMonth: 0.3,
  compositeAlarmMonth: 0.5,
  dashboardMonth: 3,
  /** A key; its first and second rotation add as much each. https://aws.amazon.com/kms/pricing/ */
  keyMonth: 1,
} as const;
