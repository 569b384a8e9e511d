import type { AlarmDefinition } from '../alarms/alarm-definition.ts';
import type { AlarmRule } from '../alarms/alarm-rule.ts';
import type { EventPattern } from '../events/event-pattern.ts';

/** The type of a key attribute, in DynamoDB's notation: string, number or binary. */
export type KeyType = 'S' | 'N' | 'B';

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

/** Which attributes an index copies besides the keys. */
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
  /** Kept for the record: the emulator never deletes expired items, as DynamoDB may not for 48 hours either. */
  readonly timeToLiveAttribute?: string;
  readonly indexes: readonly IndexDefinition[];
}

/** The queues of the service by the part that they play. */
export type QueueRole = 'work' | 'rejected' | 'deadLetter';

export interface QueueDefinition {
  readonly name: string;
  readonly retentionSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  /** Of a body with its attributes. */
  readonly maximumMessageBytes: number;
  readonly redrive?: {
    /** Its name. */
    readonly deadLetterQueue: string;
    readonly maxReceiveCount: number;
  };
}

/** A literal, or the URL of a queue, which is known only when the queue exists. */
export type EnvironmentValue = string | { readonly urlOfQueueNamed: string };

export interface FunctionDefinition {
  readonly name: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, EnvironmentValue>>;
}

/** A parameter that a deployment writes, whatever it held before. */
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
  /** Most messages in one event; over 10 needs a batching window. */
  readonly batchSize: number;
  /** How long, from its first message on, a batch may wait for more. */
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

/** A bucket that tells a queue of what is put into it. */
export interface BucketDefinition {
  readonly name: string;
  /** The queue's name. */
  readonly queue: string;
}

/** Topics that an alarm tells of its changes, by ARN. */
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

/** A function that events invoke. */
export interface EventFunctionDefinition extends FunctionDefinition {
  /** An ES module that exports `handler`. */
  readonly bundlePath: string;
  /** How often an invocation that failed is repeated. */
  readonly retryAttempts: number;
  /** Where the event goes when all attempts have failed; without, it is lost. */
  readonly failures?: QueueDefinition;
}

/** An HTTP endpoint that EventBridge calls, with what its connection adds. Texts may refer to secrets. */
export interface ApiDestinationDefinition {
  readonly name: string;
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Added to a body that is a JSON object. */
  readonly body: Readonly<Record<string, string>>;
}

/** What an event leads to, and what is done where it can't be delivered. */
export type EventTargetDefinition = {
  /** The target's ARN. */
  readonly arn: string;
  /** What the target is given of an event. */
  readonly input: (event: object) => string;
  readonly retryAttempts: number;
  readonly maximumAgeSeconds: number;
  /** Name of the queue for events that were given up; without, they are lost. */
  readonly failures?: string;
} & (
  | { readonly kind: 'function'; readonly function: EventFunctionDefinition }
  | { readonly kind: 'queue'; readonly queueName: string }
  | { readonly kind: 'topic' }
  | { readonly kind: 'api'; readonly destination: ApiDestinationDefinition }
);

/** Which events lead to what. */
export interface EventRuleDefinition {
  readonly name: string;
  /** Name of the bus that it listens to; AWS's own events are on `default`. */
  readonly bus: string;
  /** For a rule on a schedule, its own events. */
  readonly pattern: EventPattern;
  /** How often a rule on a schedule has an event of its own. */
  readonly everySeconds?: number;
  readonly targets: readonly EventTargetDefinition[];
}

/** What watches the service, and what acts on it. */
export interface WatchDefinition {
  readonly alarms: readonly MetricAlarmDefinition[];
  readonly compositeAlarms: readonly CompositeAlarmDefinition[];
  readonly rules: readonly EventRuleDefinition[];
  /** Names of the buses beside `default`. */
  readonly buses: readonly string[];
  /** ARNs of topics. */
  readonly topics: readonly string[];
  /** What outputs name; undefined if none does. */
  readonly rollbackAlarm?: string | undefined;
  readonly rollbackFunction?: string | undefined;
  readonly rollbackRule?: string | undefined;
  readonly alarmTopic?: string | undefined;
  readonly rollbackFailures?: string | undefined;
}

/** Everything that exists in one deployment and matters to the code that runs there. */
export interface ServiceDefinition {
  readonly queues: Readonly<Record<QueueRole, QueueDefinition>>;
  readonly furtherQueues: readonly QueueDefinition[];
  readonly table: TableDefinition;
  readonly function: FunctionDefinition;
  readonly eventSource: EventSourceDefinition;
  /** Functions beside the one that scores which read queues. */
  readonly consumers: readonly ConsumerDefinition[];
  readonly buckets: readonly BucketDefinition[];
  /** Name of the parameter that somebody may set; no template defines it. */
  readonly settingsParameter: string;
  /** What is in force as long as nobody has. */
  readonly initialSettings: ParameterDefinition;
  readonly watch: WatchDefinition;
}
