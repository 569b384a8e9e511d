import type { IKey } from 'aws-cdk-lib/aws-kms';
import { QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Environment } from '../environment.ts';
import { MAX_MESSAGE_BYTES } from './queue-size.ts';
import { removalPolicyOf } from './removal-policy.ts';

/** What all queues of a deployment have in common. */
export function queueDefaults(environment: Environment, key: IKey | undefined): QueueProps {
  return {
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    ...(key === undefined
      ? { encryption: QueueEncryption.SQS_MANAGED }
      : { encryption: QueueEncryption.KMS, encryptionMasterKey: key }),
    enforceSSL: true,
    removalPolicy: removalPolicyOf(environment),
  };
}

/**
 * Times that AWS asks for between two deliveries of a message, in time limits of the function: retries of a throttled
 * function must not overlap.
 */
export const VISIBILITY_TIMEOUTS = 6;
