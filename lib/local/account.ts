/** The account and region that the emulated resources belong to. */
export const ACCOUNT_ID = '000000000000';
export const REGION = 'us-east-1';

type Service = 'cloudwatch' | 'dynamodb' | 'events' | 'kms' | 'lambda' | 'logs' | 'sns' | 'sqs' | 'ssm';

/** @param resource as in `my-queue` or `function:my-function` */
export function arnOf(service: Service, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
}
