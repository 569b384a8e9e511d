import type { WriteUnits } from './capacity.ts';

/** What the stack was asked to do so far, in the units by which AWS charges. */
export interface Usage {
  readonly dynamodb: {
    /** Requests that reached the emulator, failed ones included. */
    readonly requests: number;
    /** Those of the indexes included. */
    readonly write_units: number;
    readonly index_write_units: number;
    readonly read_units: number;
    readonly operations: Readonly<Record<string, number>>;
  };
  readonly sqs: {
    readonly requests: number;
    /** Requests as charged: one per started 64 KB of payload. */
    readonly billed_requests: number;
    /** Receives that brought nothing: what an idle service costs. Included in the requests. */
    readonly empty_receives: number;
    readonly operations: Readonly<Record<string, number>>;
  };
  readonly lambda: {
    readonly invocations: number;
    /** Invocations that threw, crashed or timed out: what Lambda counts as Errors. */
    readonly failed_invocations: number;
    /** Sum of the durations, each rounded up to 1 ms. */
    readonly billed_ms: number;
    readonly gb_seconds: number;
  };
  readonly events: {
    /** Events that were put on buses. */
    readonly put: number;
    /** Those as charged: one per started 64 KB. */
    readonly billed: number;
  };
  readonly logs: {
    /** What the functions print, and Lambda about each invocation. */
    readonly bytes: number;
  };
}

/** What Lambda logs of an invocation by itself: the lines START, END and REPORT. */
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

  /** @param memoryMegabytes memory of the function that scores */
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

  /** @param memoryMegabytes memory of the function; without, that of the one that scores */
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

  /** Forgets everything: what setting the stack up took is no usage of the service. */
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

  /** The figures now; a copy. */
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
