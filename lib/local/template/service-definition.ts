import type { AlarmDefinition } from '../alarms/alarm-definition.ts';
import type { AlarmRule } from '../alarms/alarm-rule.ts';
import type { EventPattern } from '../events/event-pattern.ts';

/** The type of a key attribute, in DynamoDB's notation: string, number or binary. */
export type KeyType = 'S' | 'N' | 'B';

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

/** Attributes that an index copies in addition to the keys. */
export type Projection =
  | { readonly type: 'ALL' }
  | { readonly type: 'KEYS_ONLY' }
  | { readonly type: 'INCLUDE'; readonly attributes: readonly string[] };

export interface IndexDefinition {
  readonly name: string;
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
  readonly projection: Projection;
}

/** An on-demand table. */
export interface TableDefinition {
  readonly name: string;
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
  /** Not used: the emulator never deletes expired items, and DynamoDB may take 48 hours too. */
  readonly timeToLiveAttribute?: string;
  readonly indexes: readonly IndexDefinition[];
}

/** The service's queues by role. */
export type QueueRole = 'work' | 'rejected' | 'deadLetter';

export interface QueueDefinition {
  readonly name: string;
  readonly retentionSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  /** Limit for a body with its attributes. */
  readonly maximumMessageBytes: number;
  readonly redrive?: {
    /** Name of its dead-letter queue. */
    readonly deadLetterQueue: string;
    readonly maxReceiveCount: number;
  };
}

/** A literal, or a placeholder for a queue's URL, which is known only once the queue exists. */
export type EnvironmentValue = string | { readonly urlOfQueueNamed: string };

export interface FunctionDefinition {
  readonly name: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, EnvironmentValue>>;
}

/** A parameter that every deployment overwrites. */
export interface ParameterDefinition {
  readonly name: string;
  readonly value: string;
}

/** How Lambda reads a queue. */
export interface EventSourceDefinition {
  /** Its UUID. */
  readonly name: string;
  /** The queue's name. */
  readonly queue: string;
  /** Maximum number of messages in an event; above 10 a batching window is required. */
  readonly batchSize: number;
  /** How long a batch may wait for more messages after its first one. */
  readonly maximumBatchingWindowSeconds: number;
  readonly reportBatchItemFailures: boolean;
}

/** A function that reads a queue. */
export interface ConsumerDefinition {
  readonly function: FunctionDefinition;
  /** An ES module that exports `handler`. */
  readonly bundlePath: string;
  readonly eventSource: EventSourceDefinition;
}

/** A bucket that notifies a queue of new objects. */
export interface BucketDefinition {
  readonly name: string;
  /** The queue's name. */
  readonly queue: string;
}

/** Topics notified of an alarm's changes, by ARN. */
interface AlarmActions {
  readonly onAlarm: readonly string[];
  readonly onOk: readonly string[];
}

export type MetricAlarmDefinition = AlarmDefinition & AlarmActions;

/** An alarm on the states of others. */
export interface CompositeAlarmDefinition extends AlarmActions {
  readonly name: string;
  readonly rule: AlarmRule;
}

/** A function invoked by events. */
export interface EventFunctionDefinition extends FunctionDefinition {
  /** An ES module that exports `handler`. */
  readonly bundlePath: string;
  /** Number of retries of a failed invocation. */
  readonly retryAttempts: number;
  /** Queue for events after all attempts have failed; without it, they are lost. */
  readonly failures?: QueueDefinition;
}

/** An HTTP endpoint that EventBridge calls, with the additions of its connection. Texts may refer to secrets. */
export interface ApiDestinationDefinition {
  readonly name: string;
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Added to a body that is a JSON object. */
  readonly body: Readonly<Record<string, string>>;
}

/** A target of an event, and what happens if it can't be delivered. */
export type EventTargetDefinition = {
  /** The target's ARN. */
  readonly arn: string;
  /** Builds the target's input from an event. */
  readonly input: (event: object) => string;
  readonly retryAttempts: number;
  readonly maximumAgeSeconds: number;
  /** Queue for events that were given up; without it, they are lost. */
  readonly failures?: string;
} & (
  | { readonly kind: 'function'; readonly function: EventFunctionDefinition }
  | { readonly kind: 'queue'; readonly queueName: string }
  | { readonly kind: 'topic' }
  | { readonly kind: 'api'; readonly destination: ApiDestinationDefinition }
);

/** A rule: which events go to which targets. */
export interface EventRuleDefinition {
  readonly name: string;
  /** Name of its bus; AWS's own events are on `default`. */
  readonly bus: string;
  /** For a scheduled rule, matches its own events. */
  readonly pattern: EventPattern;
  /** Interval of a scheduled rule. */
  readonly everySeconds?: number;
  readonly targets: readonly EventTargetDefinition[];
}

/** Alarms and rules, and the functions that act on them. */
export interface WatchDefinition {
  readonly alarms: readonly MetricAlarmDefinition[];
  readonly compositeAlarms: readonly CompositeAlarmDefinition[];
  readonly rules: readonly EventRuleDefinition[];
  /** Names of the buses in addition to `default`. */
  readonly buses: readonly string[];
  /** ARNs of topics. */
  readonly topics: readonly string[];
  /** From the outputs; undefined if none names it. */
  readonly rollbackAlarm?: string | undefined;
  readonly rollbackFunction?: string | undefined;
  readonly rollbackRule?: string | undefined;
  readonly alarmTopic?: string | undefined;
  readonly rollbackFailures?: string | undefined;
}

/** Everything in a deployment that its code depends on. */
export interface ServiceDefinition {
  readonly queues: Readonly<Record<QueueRole, QueueDefinition>>;
  readonly furtherQueues: readonly QueueDefinition[];
  readonly table: TableDefinition;
  readonly function: FunctionDefinition;
  readonly eventSource: EventSourceDefinition;
  /** Functions other than the scoring one that read queues. */
  readonly consumers: readonly ConsumerDefinition[];
  readonly buckets: readonly BucketDefinition[];
  /** Name of the operator's parameter, which no template defines. */
  readonly settingsParameter: string;
  /** Settings in force until the operator sets some. */
  readonly initialSettings: ParameterDefinition;
  readonly watch: WatchDefinition;
}
