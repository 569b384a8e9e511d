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
 * Logging and tracing of a function. Metrics are log lines. Lambda treats a line without a level as INFO and drops
 * lines below the application's level, so that must never be above INFO: the logger itself applies the environment's
 * level. Source: AWS Lambda Developer Guide, "Log-level filtering".
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

/** Acknowledges the wildcard that tracing requires. */
export function acknowledgeTracing(scope: Construct): void {
  Validations.of(scope).acknowledge({
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason:
      'X-Ray has no resources that sending a trace could be limited to; the statement allows sending alone.',
  });
}
