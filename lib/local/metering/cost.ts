import { PRICES } from './prices.ts';
import type { Usage } from './usage.ts';

/** What AWS would charge for some usage, in US dollars, by what it is charged for. */
export interface CostParts {
  readonly tableWrites: number;
  readonly indexWrites: number;
  readonly tableReads: number;
  /** Sending, receiving and deleting. */
  readonly queueRequests: number;
  readonly invocations: number;
  readonly computing: number;
  /** Events that are put on buses; what targets cost comes on top. */
  readonly events: number;
  readonly logs: number;
}

const BYTES_PER_GIGABYTE = 1e9;

/**
 * Polls that bring nothing are left out: they cost the same whether records come or not. Lambda's time is this
 * machine's. Metrics come out of log lines and cost nothing beside those, but by the month: see `monthlyCost`.
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

/** All of it together, in US dollars. */
export function costOf(usage: Usage): number {
  return Object.values(costParts(usage)).reduce((sum, part) => sum + part, 0);
}
