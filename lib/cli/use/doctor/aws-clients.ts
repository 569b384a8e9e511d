import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { patientFor, SILENT } from '../target/clients.ts';
import { noteTimes } from './clock-difference.ts';

const TIMEOUT_MS = 10_000;

/** The AWS clients of a call, which also record AWS's clock from the responses. */
export class AwsClients {
  readonly #config = { logger: SILENT, requestHandler: patientFor(TIMEOUT_MS) };
  readonly cloudFormation = new CloudFormationClient(this.#config);
  readonly cloudWatch = new CloudWatchClient(this.#config);
  readonly dynamodb = new DynamoDBClient(this.#config);
  readonly documents = DynamoDBDocumentClient.from(this.dynamodb);
  readonly lambda = new LambdaClient(this.#config);
  readonly logs = new CloudWatchLogsClient(this.#config);
  readonly s3 = new S3Client(this.#config);
  readonly sns = new SNSClient(this.#config);
  readonly sqs = new SQSClient(this.#config);
  /**
   * How far this machine's clock is ahead of AWS's in the latest response, milliseconds; undefined before the first.
   */
  clockDifferenceMs: number | undefined;

  constructor() {
    noteTimes(this.sqs, (differenceMs) => {
      this.clockDifferenceMs = differenceMs;
    });
  }

  destroy(): void {
    const { cloudFormation, cloudWatch, dynamodb, lambda, logs, s3, sns, sqs } = this;
    for (const client of [cloudFormation, cloudWatch, dynamodb, lambda, logs, s3, sns, sqs]) client.destroy();
  }
}
