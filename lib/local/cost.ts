import { PRICES } from './prices.ts';
import type { Usage } from './usage.ts';

/**
 * What AWS would charge for some usage, in US dollars. Polls that bring nothing are left out: they cost the
 * same whether records come or not. Lambda's time is this machine's.
 */
export function costOf({ dynamodb, sqs, lambda }: Usage): number {
  return (
    dynamodb.write_units * PRICES.dynamodbWriteUnit +
    dynamodb.read_units * PRICES.dynamodbReadUnit +
    (sqs.billed_requests - sqs.empty_receives) * PRICES.sqsRequest +
    lambda.invocations * PRICES.lambdaInvocation +
    lambda.gb_seconds * PRICES.lambdaGigabyteSecond
  );
}
