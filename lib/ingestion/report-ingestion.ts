import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { LOG_FILE_METRICS } from '../telemetry/metric-names.ts';
import type { IngestedMessage, IngestedObject } from './ingest-message.ts';

/**
 * Reports the outcome of a message: metrics, and a log line for each object. A failure here never fails the message.
 */
export function reportIngestion(
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics },
  { objects, ignored, unknown }: IngestedMessage,
): void {
  const add = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);
  if (unknown !== undefined) logger.error('a message is in the dead-letter queue', { reason: unknown });
  const count = (kind: IngestedObject['outcome']['kind']) =>
    objects.filter(({ outcome }) => outcome.kind === kind).length;
  const sum = (figure: (object: IngestedObject) => number) =>
    objects.reduce((total, object) => total + figure(object), 0);
  add(LOG_FILE_METRICS.read, count('done'));
  add(LOG_FILE_METRICS.failed, count('failed') + (unknown === undefined ? 0 : 1));
  add(LOG_FILE_METRICS.replaced, count('replaced'));
  add(LOG_FILE_METRICS.delayed, count('again'));
  add(LOG_FILE_METRICS.ignored, ignored + count('passed'));
  add(
    LOG_FILE_METRICS.entriesRead,
    sum(({ outcome }) => outcome.read.read),
  );
  add(
    LOG_FILE_METRICS.entriesSent,
    sum(({ outcome }) => outcome.read.sent),
  );
  add(
    LOG_FILE_METRICS.entriesInvalid,
    sum(({ outcome }) => outcome.read.invalid),
  );
  add(
    LOG_FILE_METRICS.entriesSkipped,
    sum(({ outcome }) => skippedIn(outcome.read.skipped)),
  );
  metrics.addMetric(
    LOG_FILE_METRICS.bytesFetched,
    MetricUnit.Bytes,
    sum(({ outcome }) => outcome.fetchedBytes),
  );
  for (const object of objects) logObject(logger, object);
}

function logObject(logger: Logger, { object, outcome }: IngestedObject): void {
  const { bucket, key, etag, versionId } = object;
  const details = { bucket, key, version: versionId ?? etag, read: outcome.read };
  switch (outcome.kind) {
    case 'done':
      logger.info('a log file was read', { ...details, total: outcome.total });
      break;
    case 'continued':
      logger.info('another invocation continues reading a log file', details);
      break;
    case 'replaced':
      logger.warn('a log file was replaced before it was read', details);
      break;
    case 'passed':
      logger.info('a notification for a log file that is already done', { ...details, state: outcome.why });
      break;
    case 'failed':
      logger.error('a log file is in the dead-letter queue', { ...details, reason: outcome.reason });
      break;
    case 'again':
      logger.warn('a log file will be tried again', { ...details, reason: outcome.reason });
      if (outcome.defect instanceof Error) logger.error('a defect was found', outcome.defect);
  }
}

function skippedIn(skipped: Readonly<Record<string, number>>): number {
  return Object.values(skipped).reduce((total, count) => total + count, 0);
}
