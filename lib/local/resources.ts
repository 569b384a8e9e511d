import { INITIAL_SETTINGS_VALUE, settingsParameterName } from '../cutover/settings.ts';
import { keysPath } from '../reputation/key-parameters.ts';
import { EXPIRY_ATTRIBUTE, PARTITION_KEY, SORT_KEY, TIME_INDEX } from '../store/table-schema.ts';
import { METRICS_NAMESPACE } from '../telemetry/metric-names.ts';
import type { ServiceDefinition } from './service-definition.ts';

const DAY_SECONDS = 86_400;
const FUNCTION_TIMEOUT_SECONDS = 30;

const TABLE_NAME = 'threat-consensus';
const SETTINGS_PARAMETER = settingsParameterName('local');

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
    partitionKey: { name: PARTITION_KEY, type: 'S' },
    sortKey: { name: SORT_KEY, type: 'S' },
    timeToLiveAttribute: EXPIRY_ATTRIBUTE,
    indexes: [
      {
        name: TIME_INDEX.name,
        partitionKey: { name: TIME_INDEX.partitionKey, type: 'S' },
        sortKey: { name: TIME_INDEX.sortKey, type: 'N' },
        projection: { type: 'INCLUDE', attributes: TIME_INDEX.projected },
      },
    ],
  },
  function: {
    name: 'threat-consensus-local',
    timeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
    // One whole virtual CPU: with less, scoring a batch takes longer than an assessment may.
    memoryMegabytes: 1769,
    environment: {
      ENVIRONMENT: 'local',
      TABLE_NAME,
      REJECTED_QUEUE_URL: { urlOfQueue: 'rejected' },
      SETTINGS_PARAMETER,
      PROVIDER_KEYS_PATH: keysPath('local'),
      POWERTOOLS_SERVICE_NAME: 'threat-consensus',
      POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      POWERTOOLS_LOG_LEVEL: 'INFO',
    },
  },
  eventSource: {
    queue: 'work',
    // Five packed messages are about 5,000 records, which is what one CPU scores in well under 100 ms.
    batchSize: 5,
    maximumBatchingWindowSeconds: 1,
    reportBatchItemFailures: true,
  },
  settingsParameter: { name: SETTINGS_PARAMETER, value: INITIAL_SETTINGS_VALUE },
};
