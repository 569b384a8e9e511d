import { PRICES } from './prices.ts';
import type { Usage } from './usage.ts';

/** AWS charges for some usage, in US dollars, by kind of charge. */
export interface CostParts {
  readonly tableWrites: number;
  readonly indexWrites: number;
  readonly tableReads: number;
  /** Sending, receiving and deleting. */
  readonly queueRequests: number;
  readonly invocations: number;
  readonly computing: number;
  /** Events put on buses, without the cost of targets. */
  readonly events: number;
  readonly logs: number;
}

const BYTES_PER_GIGABYTE = 1e9;

/**
 * Empty polls are left out: they cost the same with or without traffic. Lambda's duration is measured on this machine.
 * Metrics are extracted from log lines and cost nothing extra per record, but by the month: see `monthlyCost`.
 */
export function costParts({ dynamodb, sqs, lambda, events, logs }: Usage): CostParts {
  return {
    tableWrites: (dynamodb.write_units - dynamodb.index_write_units) * PRICES.dynamodbWriteUnit,
    indexWrites: dynamodb.index_write_units * PRICES.dynamodbWriteUnit,
    tableReads: dynamodb.read_units * PRICES.dynamodbReadUnit,
    queueRequests: (sqs.billed_requests - sqs.empty_receives) * PRICES.sqsRequest,
    invocations: lambda.invocations * PRICES.lambdaInvocation,
    computing: lambda.gb_seconds * PRICES.lambdaGigabyteSecond,
    events: events.billed * PRICES.eventPut,
    logs: (logs.bytes / BYTES_PER_GIGABYTE) * PRICES.logGigabyte,
  };
}

/** Total charges, in US dollars. */
export function costOf(usage: Usage): number {
  return Object.values(costParts(usage)).reduce((sum, part) => sum + part, 0);
}
