/** Bucket names. Source: Amazon S3 User Guide, "General purpose bucket naming rules". */
export const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Keys and prefixes without the characters that have a special meaning in a policy. */
export const WITHOUT_WILDCARDS = /^[^*?${}]*$/;

export const KMS_KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/;

export interface BucketObject {
  readonly bucket: string;
  readonly key: string;
}

/** S3 takes 1,024 bytes. */
const LONGEST_KEY_BYTES = 1_024;

/**
 * The object that `s3://bucket/key` names. The key is taken as it stands, as the AWS CLI does: nothing in it is decoded.
 *
 * @returns undefined for anything else, and for keys with wildcards
 */
export function objectAt(url: string): BucketObject | undefined {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  const isSound =
    BUCKET_NAME.test(bucket) && WITHOUT_WILDCARDS.test(key) && Buffer.byteLength(key) <= LONGEST_KEY_BYTES;
  return isSound ? { bucket, key } : undefined;
}
