import { arnOf } from '../account.ts';
import { readEventPattern } from '../events/event-pattern.ts';
import { readInput } from '../events/input-transformer.ts';
import { readRate, scheduledEventPattern } from '../events/schedule.ts';
import { queueDefinition, queueNameOf } from './definitions.ts';
import { readable } from './readable.ts';
import type { PropertiesOf } from './resource-types.ts';
import { type Emulated, type Resources, unreadable } from './resources.ts';
import type {
  ApiDestinationDefinition,
  EventFunctionDefinition,
  EventRuleDefinition,
  EventTargetDefinition,
} from './service-definition.ts';

/** Reads the definition of a function from its resource. */
export type ToFunction = (
  resource: Emulated<'AWS::Lambda::Function'>,
) => Omit<EventFunctionDefinition, 'retryAttempts' | 'failures'>;

type TargetProperties = PropertiesOf<'AWS::Events::Rule'>['Targets'][number];

/** EventBridge's default for a target without a retry policy. */
const DEFAULT_RETRY_ATTEMPTS = 185;
const DEFAULT_AGE_SECONDS = 86_400;

/**
 * Reads a rule and its targets.
 *
 * @throws {LocalStackError} `template_unreadable`
 */
export function eventRule(
  { name, properties }: Emulated<'AWS::Events::Rule'>,
  resources: Resources,
  toFunction: ToFunction,
): EventRuleDefinition {
  const { EventPattern, ScheduleExpression, EventBusName = 'default' } = properties;
  if ((EventPattern === undefined) === (ScheduleExpression === undefined)) {
    throw unreadable(`the rule ${name} is expected to have either a pattern or a schedule`);
  }
  return {
    name,
    bus: EventBusName.replace(/^arn:[^/]*\//, ''),
    ...readable(() =>
      ScheduleExpression === undefined
        ? { pattern: readEventPattern(EventPattern ?? {}) }
        : { pattern: scheduledEventPattern(name), everySeconds: readRate(ScheduleExpression) },
    ),
    targets: properties.Targets.map((target) => eventTarget(name, target, resources, toFunction)),
  };
}

function eventTarget(
  rule: string,
  target: TargetProperties,
  resources: Resources,
  toFunction: ToFunction,
): EventTargetDefinition {
  const { Arn: arn, DeadLetterConfig, RetryPolicy = {} } = target;
  const common = {
    arn,
    input: readable(() => readInput(target)),
    retryAttempts: RetryPolicy.MaximumRetryAttempts ?? DEFAULT_RETRY_ATTEMPTS,
    maximumAgeSeconds: RetryPolicy.MaximumEventAgeInSeconds ?? DEFAULT_AGE_SECONDS,
    ...(DeadLetterConfig && { failures: queueNameOf(DeadLetterConfig.Arn) }),
  };
  const queue = resources.all('AWS::SQS::Queue').find(({ name }) => arnOf('sqs', name) === arn);
  if (queue !== undefined) return { ...common, kind: 'queue', queueName: queue.name };
  const topic = resources.all('AWS::SNS::Topic').find(({ name }) => arnOf('sns', name) === arn);
  if (topic !== undefined) return { ...common, kind: 'topic' };
  const destination = resources
    .all('AWS::Events::ApiDestination')
    .find(({ name }) => arnOf('events', `api-destination/${name}`) === arn);
  if (destination !== undefined) {
    return { ...common, kind: 'api', destination: apiDestination(destination, resources) };
  }
  return { ...common, kind: 'function', function: eventFunction(rule, arn, resources, toFunction) };
}

function apiDestination(
  { name, properties }: Emulated<'AWS::Events::ApiDestination'>,
  resources: Resources,
): ApiDestinationDefinition {
  const { ConnectionArn, HttpMethod, InvocationEndpoint } = properties;
  const found = resources
    .all('AWS::Events::Connection')
    .find((each) => arnOf('events', `connection/${each.name}`) === ConnectionArn);
  if (found === undefined) throw unreadable(`${name} has no connection of these templates`);
  const { ApiKeyAuthParameters, InvocationHttpParameters } = found.properties.AuthParameters;
  const parameters = (list: readonly { readonly Key: string; readonly Value: string }[] = []) =>
    Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
  return {
    name,
    url: InvocationEndpoint,
    method: HttpMethod,
    headers: {
      ...parameters(InvocationHttpParameters?.HeaderParameters),
      [ApiKeyAuthParameters.ApiKeyName]: ApiKeyAuthParameters.ApiKeyValue,
    },
    query: parameters(InvocationHttpParameters?.QueryStringParameters),
    body: parameters(InvocationHttpParameters?.BodyParameters),
  };
}

function eventFunction(
  rule: string,
  arn: string,
  resources: Resources,
  toFunction: ToFunction,
): EventFunctionDefinition {
  const found = resources
    .all('AWS::Lambda::Function')
    .find(({ name }) => arnOf('lambda', `function:${name}`) === arn);
  if (found === undefined) throw unreadable(`the rule ${rule} has a target that is not known: ${arn}`);

  const permissions = resources.all('AWS::Lambda::Permission').map(({ properties }) => properties);
  const isAllowed = permissions.some(
    ({ FunctionName, Principal, SourceArn }) =>
      FunctionName === arn &&
      Principal === 'events.amazonaws.com' &&
      SourceArn === arnOf('events', `rule/${rule}`),
  );
  if (!isAllowed) throw unreadable(`the rule ${rule} has no permission to invoke ${found.name}`);
  return { ...toFunction(found), ...failureHandling(found.name, resources) };
}

function failureHandling(functionName: string, resources: Resources) {
  const config = resources
    .all('AWS::Lambda::EventInvokeConfig')
    .find(({ properties }) => properties.FunctionName === functionName)?.properties;
  if (config !== undefined && config.DestinationConfig === undefined) {
    return { retryAttempts: config.MaximumRetryAttempts };
  }
  const destination = config?.DestinationConfig?.OnFailure.Destination;
  const queue = resources.all('AWS::SQS::Queue').find(({ name }) => arnOf('sqs', name) === destination);
  if (config === undefined || queue === undefined) {
    throw unreadable(`expected a queue for the events of ${functionName} that it fails on`);
  }
  const failures = queueDefinition(queue);
  if (failures.redrive !== undefined)
    throw unreadable(`the queue ${queue.name} is expected to be an end itself`);
  return { retryAttempts: config.MaximumRetryAttempts, failures };
}
