import { devNull } from 'node:os';
import { mapValues } from '../map-values.ts';
import type { EnvironmentValue, FunctionDefinition } from '../template/service-definition.ts';

/** Environment variables that point any AWS client at the emulators. */
export function clientEnvironment(options: {
  readonly region: string;
  readonly sqsEndpoint: string;
  readonly dynamodbEndpoint: string;
  readonly ssmEndpoint: string;
  readonly snsEndpoint?: string;
  readonly cloudwatchEndpoint?: string;
  readonly lambdaEndpoint?: string;
  readonly eventBridgeEndpoint?: string;
}): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_SQS: options.sqsEndpoint,
    AWS_ENDPOINT_URL_S3: options.sqsEndpoint,
    AWS_ENDPOINT_URL_DYNAMODB: options.dynamodbEndpoint,
    AWS_ENDPOINT_URL_SSM: options.ssmEndpoint,
    ...(options.snsEndpoint && { AWS_ENDPOINT_URL_SNS: options.snsEndpoint }),
    ...(options.cloudwatchEndpoint && { AWS_ENDPOINT_URL_CLOUDWATCH: options.cloudwatchEndpoint }),
    ...(options.lambdaEndpoint && { AWS_ENDPOINT_URL_LAMBDA: options.lambdaEndpoint }),
    ...(options.eventBridgeEndpoint && { AWS_ENDPOINT_URL_EVENTBRIDGE: options.eventBridgeEndpoint }),
    AWS_REGION: options.region,
    AWS_DEFAULT_REGION: options.region,
    // The emulators require signed requests, but never check the signature.
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

/**
 * The function's environment variables: the runtime's own, the clients', and the definition's, each overriding the
 * previous ones. Source: AWS Lambda Developer Guide, "Defined runtime environment variables".
 */
export function functionEnvironment(
  definition: FunctionDefinition,
  clients: Readonly<Record<string, string>>,
  urlOfQueue: (queueName: string) => string,
): Record<string, string> {
  return {
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    _HANDLER: 'index.handler',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    // Keeps the user's AWS profiles away from the function, which must only reach the emulators.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...clients,
    ...mapValues(definition.environment, (value) => resolveValue(value, urlOfQueue)),
  };
}

function resolveValue(value: EnvironmentValue, urlOfQueue: (queueName: string) => string): string {
  return typeof value === 'string' ? value : urlOfQueue(value.urlOfQueueNamed);
}
