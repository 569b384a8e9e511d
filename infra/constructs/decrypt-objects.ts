import { Fn, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/**
 * Allows S3 to decrypt objects for a role: of buckets that are not the deployment's own, with the keys that they are
 * encrypted with. The policies of these keys must allow it too.
 *
 * @param keyArns each may be there twice, or not at all
 * @returns none where there are no keys
 */
export function decryptObjects(
  stack: Stack,
  sid: string,
  keyArns: readonly (string | undefined)[],
): PolicyStatement[] {
  const resources = [...new Set(keyArns)].filter((arn) => arn !== undefined);
  if (resources.length === 0) return [];
  return [
    new PolicyStatement({
      sid,
      actions: ['kms:Decrypt'],
      resources,
      conditions: {
        StringEquals: { 'kms:ViaService': Fn.join('.', ['s3', stack.region, 'amazonaws.com']) },
      },
    }),
  ];
}
