import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';

export interface LocalClients {
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly ssm: SSMClient;
}

/** Clients of the emulators, whatever credentials, profile or endpoints the process was started with. */
export function createLocalClients(options: {
  readonly region: string;
  readonly sqsEndpoint: string;
  readonly dynamodbEndpoint: string;
  readonly ssmEndpoint: string;
}): LocalClients {
  const common = { region: options.region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  return {
    // Over the loopback interface a checksum of every body is time spent for nothing.
    sqs: new SQSClient({ ...common, endpoint: options.sqsEndpoint, md5: false }),
    dynamodb: new DynamoDBClient({ ...common, endpoint: options.dynamodbEndpoint }),
    ssm: new SSMClient({ ...common, endpoint: options.ssmEndpoint }),
  };
}
