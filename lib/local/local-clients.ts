import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';

export interface LocalClients {
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly ssm: SSMClient;
}

/** Clients of the emulators, independent of the credentials, profile and endpoints in the process's environment. */
export function createLocalClients(options: {
  readonly region: string;
  readonly sqsEndpoint: string;
  readonly dynamodbEndpoint: string;
  readonly ssmEndpoint: string;
}): LocalClients {
  const common = { region: options.region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  return {
    // Over the loopback interface, checksums of every body would only cost time.
    sqs: new SQSClient({ ...common, endpoint: options.sqsEndpoint, md5: false }),
    dynamodb: new DynamoDBClient({ ...common, endpoint: options.dynamodbEndpoint }),
    ssm: new SSMClient({ ...common, endpoint: options.ssmEndpoint }),
  };
}
