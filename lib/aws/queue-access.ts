import type { SQSClient } from '@aws-sdk/client-sqs';

/** Dependencies for sending to a queue and reading from it. */
export interface QueueAccess {
  readonly client: SQSClient;
  readonly queueUrl: string;
}
