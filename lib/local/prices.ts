/**
 * AWS list prices for us-east-1 in US dollars, without free tiers: on-demand DynamoDB (since its price cut of
 * November 2024), SQS standard queues, Lambda on arm64. They change: see the services' pricing pages.
 */
export const PRICES = {
  dynamodbWriteUnit: 0.625e-6,
  dynamodbReadUnit: 0.125e-6,
  sqsRequest: 0.4e-6,
  lambdaInvocation: 0.2e-6,
  lambdaGigabyteSecond: 13.3334e-6,
} as const;
