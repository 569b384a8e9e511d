import { Validations } from 'aws-cdk-lib';
import {
  ApplicationLogLevel,
  type FunctionOptions,
  LoggingFormat,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Environment } from '../environment.ts';

/**
 * How a function logs and traces. Metrics are lines of the log. Lambda takes a line without a level for one of level
 * INFO and drops what is below the application's level, so that this never is above INFO: the logger itself leaves out
 * what is below the environment's level.
 * Source: AWS Lambda Developer Guide, "Log-level filtering".
 */
export function functionOptions({ logFormat, logLevel, tracing }: Environment): FunctionOptions {
  return {
    ...(tracing && { tracing: Tracing.ACTIVE }),
    ...(logFormat === 'json' && {
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: logLevel === 'DEBUG' ? ApplicationLogLevel.DEBUG : ApplicationLogLevel.INFO,
    }),
  };
}

/** Says why the wildcard that tracing asks for is no finding. */
export function acknowledgeTracing(scope: Construct): void {
  Validations.of(scope).acknowledge({
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason:
      'X-Ray has no resources that sending a trace could be limited to; the statement allows sending alone.',
  });
}
