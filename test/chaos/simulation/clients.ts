import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Simulation } from './simulation.ts';

interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Clients {
  readonly dynamodb: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
}

/** The real SDK, with requests sent to the simulation instead of the network. */
export function simulatedClients(currentSimulation: () => Simulation): Clients {
  const handlerFor = (isTable: boolean) => ({
    handle: async ({ headers, body }: SignedRequest, { abortSignal }: { abortSignal?: AbortSignal } = {}) => {
      const request = {
        operation: String(headers['x-amz-target']).replace(/^.*\./, ''),
        isTable,
        headers,
        body: typeof body === 'string' ? body : new TextDecoder().decode(body as Uint8Array),
      };
      const answer = await currentSimulation().request(request, abortSignal);
      return {
        response: {
          statusCode: answer.status,
          headers: { 'content-type': 'application/x-amz-json-1.0' },
          body: Buffer.from(answer.body),
        },
      };
    },
    metadata: { handlerProtocol: 'http/1.1' },
    destroy: () => {},
  });
  const common = {
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    endpoint: 'http://127.0.0.1:9',
    // Signatures take a fifth of the time and are not checked; nor is the client's log read.
    signer: { sign: async <Request>(request: Request) => request },
    logger: { debug() {}, info: undefined as never, warn() {}, error() {} },
  };
  return {
    dynamodb: DynamoDBDocumentClient.from(
      new DynamoDBClient({ ...common, requestHandler: handlerFor(true) as never }),
    ),
    sqs: new SQSClient({ ...common, requestHandler: handlerFor(false) as never }),
  };
}
