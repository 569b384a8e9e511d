import type { Duration } from 'aws-cdk-lib';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  EventSourceMapping,
  type EventSourceMappingOptions,
  type FunctionOptions,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE, metricsServiceName } from '../../lib/telemetry/metric-names.ts';
import { handlerCode } from '../bundling/handler-code.ts';
import type { HandlerName } from '../bundling/handlers.ts';
import type { Environment } from '../environment.ts';
import { type KeyUse, useOfKey } from './data-key.ts';
import { acknowledgeTracing, functionOptions } from './function-options.ts';
import { checkedVariables } from './function-variables.ts';
import { leadingKeys } from './leading-keys.ts';
import { removalPolicyOf } from './removal-policy.ts';

export interface ServiceFunctionProps {
  readonly environment: Environment;
  /** Its folder in `functions/`. */
  readonly name: HandlerName;
  readonly description: string;
  readonly memoryMegabytes: number;
  readonly timeout: Duration;
  /** Its environment variables, in addition to those of all functions. */
  readonly variables: Readonly<Record<string, string>>;
  /** The environment's key, if it has one. */
  readonly key: IKey | undefined;
  readonly keyUse: KeyUse;
  /** Options specific to this function. */
  readonly options?: FunctionOptions;
}

/** A Lambda function with its role and log group. Subclasses add the permissions of the role. */
export class ServiceFunction extends Construct {
  readonly handler: LambdaFunction;
  readonly logGroup: LogGroup;
  protected readonly role: Role;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { environment, name, key, keyUse } = props;
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: environment.logRetentionDays,
      removalPolicy: removalPolicyOf(environment),
      ...(key && { encryptionKey: key }),
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.handler = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: handlerCode(name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMegabytes,
      timeout: props.timeout,
      role: this.role,
      logGroup: this.logGroup,
      ...functionOptions(environment),
      ...props.options,
      environment: checkedVariables(environment, name, {
        ...props.variables,
        POWERTOOLS_SERVICE_NAME: metricsServiceName(environment.name),
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        POWERTOOLS_LOG_LEVEL: environment.logLevel,
        NODE_OPTIONS: '--enable-source-maps',
      }),
    });
    for (const statement of useOfKey(this, key, keyUse)) this.role.addToPolicy(statement);
    if (environment.tracing) acknowledgeTracing(this);
    this.logGroup.grantWrite(this.role);
  }

  /**
   * Allows actions on resources.
   *
   * @param prefixes for a table: the prefixes of the partition keys they are allowed on
   */
  protected allow(resourceArns: string[], actions: string[], prefixes?: readonly string[]): Grant {
    return Grant.addToPrincipal({
      grantee: this.handler,
      actions,
      resourceArns,
      ...(prefixes && { conditions: leadingKeys(...prefixes) }),
    });
  }

  /**
   * Makes Lambda read a queue for the function.
   *
   * @param further actions on that queue by the function itself
   */
  protected readQueue(
    id: string,
    queue: Queue,
    options: EventSourceMappingOptions,
    further: readonly string[] = [],
  ): EventSourceMapping {
    const mapping = new EventSourceMapping(this, id, {
      target: this.handler,
      eventSourceArn: queue.queueArn,
      ...options,
    });
    const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...further];
    // Lambda tries to read the queue when the mapping is created.
    this.allow([queue.queueArn], actions).applyBefore(mapping);
    return mapping;
  }
}
