/**
 * AWS list prices for us-east-1 in US dollars, without free tiers, as of November 2026. Check the pages named for each,
 * since prices change.
 */
export const PRICES = {
  /** On demand, standard table class; halved in November 2024. https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  dynamodbWriteUnit: 0.625e-6,
  dynamodbReadUnit: 0.125e-6,
  /** Data, and continuous backup for point-in-time recovery. */
  dynamodbGigabyteMonth: 0.25,
  dynamodbRecoveryGigabyteMonth: 0.2,
  /** Standard queues; a request is a started 64 KB. https://aws.amazon.com/sqs/pricing/ */
  sqsRequest: 0.4e-6,
  /** PUT and GET requests, standard class. https://aws.amazon.com/s3/pricing/ */
  s3Put: 5e-6,
  s3Get: 0.4e-6,
  /** On arm64, first tier. https://aws.amazon.com/lambda/pricing/ */
  lambdaInvocation: 0.2e-6,
  lambdaGigabyteSecond: 13.3334e-6,
  /** Custom events, per started 64 KB. https://aws.amazon.com/eventbridge/pricing/ */
  eventPut: 1e-6,
  /** Calls of API destinations. */
  apiDestinationCall: 0.2e-6,
  /** E-mail notifications beyond the free ones; 2.00 for 100,000. https://aws.amazon.com/sns/pricing/ */
  emailNotification: 20e-6,
  /** Log ingestion, standard class. https://aws.amazon.com/cloudwatch/pricing/ */
  logGigabyte: 0.5,
  /** A custom metric, prorated by the hours in which it has data; first tier. */
  metricMonth: 0.3,
  /** An alarm, per metric; high resolution means a period below one minute. */
  alarmMetricMonth: 0.1,
  highResolutionAlarmMetricMonth: 0.3,
  compositeAlarmMonth: 0.5,
  dashboardMonth: 3,
  /** A key; the first and second rotation each add the same again. https://aws.amazon.com/kms/pricing/ */
  keyMonth: 1,
} as const;
