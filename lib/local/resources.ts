import type { ServiceDefinition } from './service-definition.ts';

const DAY_SECONDS = 86_400;
const FUNCTION_TIMEOUT_SECONDS = 30;

const TABLE_NAME = 'threat-consensus';

/** What a local deployment consists of. The one place that says so. */
export const LOCAL_SERVICE: ServiceDefinition = {
  queues: {
    work: {
      name: 'threat-consensus-work',
      retentionSeconds: 4 * DAY_SECONDS,
      // AWS asks for six times the function's timeout, so that retries of a throttled function do not overlap.
      visibilityTimeoutSeconds: 6 * FUNCTION_TIMEOUT_SECONDS,
      redrive: { deadLetterQueue: 'deadLetter', maxReceiveCount: 5 },
    },
    rejected: {
      name: 'threat-consensus-rejected',
      retentionSeconds: 14 * DAY_SECONDS,
      visibilityTimeoutSeconds: 30,
    },
    deadLetter: {
      name: 'threat-consensus-dead-letter',
      retentionSeconds: 14 * DAY_SECONDS,
      visibilityTimeoutSeconds: 30,
    },
  },
  table: {
    name: TABLE_NAME,
    partitionKey: { name: 'pk', type: 'S' },
    sortKey: { name: 'sk', type: 'S' },
    timeToLiveAttribute: 'expires_at',
    indexes: [
      {
        name: 'by-time',
        partitionKey: { name: 'time_bucket', type: 'S' },
        sortKey: { name: 'ingested_at', type: 'N' },
        projection: { type: 'INCLUDE', attributes: ['statistics'] },
      },
    ],
  },
  function: {
    name: 'threat-consensus-local',
    timeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
    memoryMegabytes: 512,
    environment: {
      ENVIRONMENT: 'local',
      TABLE_NAME,
      REJECTED_QUEUE_URL: { urlOfQueue: 'rejected' },
      POWERTOOLS_SERVICE_NAME: 'threat-consensus',
      POWERTOOLS_METRICS_NAMESPACE: 'ThreatConsensus',
      POWERTOOLS_LOG_LEVEL: 'INFO',
    },
  },
  eventSource: {
    queue: 'work',
    batchSize: 1000,
    maximumBatchingWindowSeconds: 1,
    reportBatchItemFailures: true,
  },
};
