import type { RejectedEntry } from '../audit/audit-rejections.ts';
import type { WireItem } from '../audit/stored-form.ts';

/** A request as an AWS client sends it. */
export interface WireRequest {
  /** As in `BatchWriteItem`. */
  readonly operation: string;
  readonly isTable: boolean;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface WireAnswer {
  readonly status: number;
  readonly body: string;
}

/** DynamoDB and SQS without faults; the simulation adds those. */
export interface AwsServices {
  apply(request: WireRequest): WireAnswer | Promise<WireAnswer>;
}

/** The table and queues of one run. */
export interface RunServices extends AwsServices {
  readonly tableName: string;
  /** All items of the table; an item that was not rewritten is the same object. */
  items(): Promise<WireItem[]>;
  put(item: WireItem): Promise<void>;
  close(): Promise<void>;
}

/** What services report to the owner of the queues. */
export interface QueueEvents {
  readonly onRejected: (entry: RejectedEntry) => void;
  /** A message that the function gave up. */
  readonly onDeadLetter: (entry: RejectedEntry) => void;
  readonly onDeleted: (receiptHandle: string) => void;
}

/** Starts the services of a run. */
export type OpenServices = (events: QueueEvents) => Promise<RunServices>;

export function answerOf(value: unknown): WireAnswer {
  return { status: 200, body: JSON.stringify(value) };
}

export function errorAnswer(status: number, type: string, message: string): WireAnswer {
  return { status, body: JSON.stringify({ __type: type, message }) };
}
