import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';
import { IngestQueues } from './ingest-queues.ts';
import { LogBucket } from './log-bucket.ts';
import { LogReader } from './log-reader.ts';
import type { WorkQueues } from './work-queues.ts';

export interface LogFilesProps {
  readonly environment: Environment;
  readonly table: Table;
  readonly queues: WorkQueues;
  readonly key: IKey | undefined;
}

/**
 * Two minutes of reading (`SLICE_SECONDS` of the function); the rest is for skipping the part already read: in a
 * compressed file, a million lines take about a second.
 */
const TIMEOUT = Duration.minutes(5);

/** Reading of log files: a bucket, the queues of notifications, and the function. */
export class LogFiles extends Construct {
  readonly bucket: Bucket;
  readonly ingest: IngestQueues;
  readonly reader: LogReader;

  constructor(scope: Construct, id: string, { environment, table, queues, key }: LogFilesProps) {
    super(scope, id);
    this.ingest = new IngestQueues(this, 'Queues', { environment, functionTimeout: TIMEOUT, key });
    const { notifications } = this.ingest;
    this.bucket = new LogBucket(this, 'Own', { environment, notifications, key }).bucket;
    this.reader = new LogReader(this, 'Reader', {
      environment,
      timeout: TIMEOUT,
      table,
      bucket: this.bucket,
      queues,
      ingest: this.ingest,
      key,
    });
  }
}
