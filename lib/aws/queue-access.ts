import type { SQSClient } from '@aws-sdk/client-sqs';

/** What sending to a queue and reading from it need. */
export interface QueueAccess {
  readonly client: SQSClient;
  readonly queueUrl: string;
}
