import type { IKey } from 'aws-cdk-lib/aws-kms';
import { QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Environment } from '../environment.ts';
import { MAX_MESSAGE_BYTES } from './queue-size.ts';
import { removalPolicyOf } from './removal-policy.ts';

/** Common properties of all queues of a deployment. */
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
 * Visibility timeout as a multiple of the function's time limit, as AWS recommends: retries of a throttled function
 * must not overlap.
 */
export const VISIBILITY_TIMEOUTS = 6;
