import type { WriteUnits } from './capacity.ts';

/** Usage of the stack so far, in AWS's billing units. */
export interface Usage {
  readonly dynamodb: {
    /** Requests received by the emulator, including failed ones. */
    readonly requests: number;
    /** Including those of the indexes. */
    readonly write_units: number;
    readonly index_write_units: number;
    readonly read_units: number;
    readonly operations: Readonly<Record<string, number>>;
  };
  readonly sqs: {
    readonly requests: number;
    /** Requests as charged: one per started 64 KB of payload. */
    readonly billed_requests: number;
    /** Receives without messages, the cost of an idle service; included in the requests. */
    readonly empty_receives: number;
    readonly operations: Readonly<Record<string, number>>;
  };
  readonly lambda: {
    readonly invocations: number;
    /** Invocations that threw, crashed or timed out; Lambda's Errors metric. */
    readonly failed_invocations: number;
    /** Sum of durations, each rounded up to 1 ms. */
    readonly billed_ms: number;
    readonly gb_seconds: number;
  };
  readonly events: {
    /** Events put on buses. */
    readonly put: number;
    /** Events as charged: one per started 64 KB. */
    readonly billed: number;
  };
  readonly logs: {
    /** Output of the functions, and Lambda's own log lines. */
    readonly bytes: number;
  };
}

/** Size of Lambda's own log lines per invocation: START, END and REPORT. */
const PLATFORM_LOG_BYTES = 290;

/** EventBridge charges each started 64 KB as an event. */
const BILLED_EVENT_BYTES = 64 * 1024;

/** Adds up usage. */
export class UsageMeter {
  readonly #memoryMegabytes: number;
  #dynamodb = { requests: 0, write_units: 0, index_write_units: 0, read_units: 0 };
  #sqs = { requests: 0, billed_requests: 0, empty_receives: 0 };
  #lambda = { invocations: 0, failed_invocations: 0, billed_ms: 0 };
  #megabyteMs = 0;
  #events = { put: 0, billed: 0 };
  #logBytes = 0;
  #dynamodbOperations: Record<string, number> = {};
  #sqsOperations: Record<string, number> = {};

  /** @param memoryMegabytes memory of the scoring function */
  constructor(memoryMegabytes: number) {
    this.#memoryMegabytes = memoryMegabytes;
  }

  countDynamoDbRequest(operation: string): void {
    this.#dynamodb.requests += 1;
    increment(this.#dynamodbOperations, operation);
  }

  addWriteUnits(units: WriteUnits): void {
    this.#dynamodb.write_units += units.table + units.indexes;
    this.#dynamodb.index_write_units += units.indexes;
  }

  addReadUnits(units: number): void {
    this.#dynamodb.read_units += units;
  }

  countSqsRequest(operation: string, billedRequests: number, isEmptyReceive: boolean): void {
    this.#sqs.requests += 1;
    this.#sqs.billed_requests += billedRequests;
    if (isEmptyReceive) this.#sqs.empty_receives += 1;
    increment(this.#sqsOperations, operation);
  }

  /** @param memoryMegabytes memory of the function; by default that of the scoring function */
  countInvocation(durationMs: number, hasFailed: boolean, memoryMegabytes = this.#memoryMegabytes): void {
    this.#lambda.invocations += 1;
    this.#lambda.billed_ms += Math.ceil(durationMs);
    this.#megabyteMs += Math.ceil(durationMs) * memoryMegabytes;
    if (hasFailed) this.#lambda.failed_invocations += 1;
    this.#logBytes += PLATFORM_LOG_BYTES;
  }

  countEvent(bytes: number): void {
    this.#events.put += 1;
    this.#events.billed += Math.max(1, Math.ceil(bytes / BILLED_EVENT_BYTES));
  }

  addLogBytes(bytes: number): void {
    this.#logBytes += bytes;
  }

  /** Resets all counts: the setup of the stack is not part of the service's usage. */
  reset(): void {
    this.#dynamodb = { requests: 0, write_units: 0, index_write_units: 0, read_units: 0 };
    this.#sqs = { requests: 0, billed_requests: 0, empty_receives: 0 };
    this.#lambda = { invocations: 0, failed_invocations: 0, billed_ms: 0 };
    this.#megabyteMs = 0;
    this.#events = { put: 0, billed: 0 };
    this.#logBytes = 0;
    this.#dynamodbOperations = {};
    this.#sqsOperations = {};
  }

  /** A copy of the current figures. */
  read(): Usage {
    return {
      dynamodb: { ...this.#dynamodb, operations: { ...this.#dynamodbOperations } },
      sqs: { ...this.#sqs, operations: { ...this.#sqsOperations } },
      lambda: {
        ...this.#lambda,
        gb_seconds: this.#megabyteMs / 1000 / 1024,
      },
      events: { ...this.#events },
      logs: { bytes: this.#logBytes },
    };
  }
}

function increment(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
