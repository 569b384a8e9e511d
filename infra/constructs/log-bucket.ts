import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';

export interface LogBucketProps {
  readonly environment: Environment;
  readonly notifications: Queue;
  readonly key: IKey | undefined;
}

/** A replaced version is kept until it has certainly been read. */
const REPLACED_FOR = Duration.days(14);

/** The environment's own bucket for log files: every file put there is read and scored. */
export class LogBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { environment, notifications, key }: LogBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      ...(key === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }),
      // A file that is overwritten before it was read is read in both versions.
      versioned: true,
      lifecycleRules: [
        {
          expiration: Duration.days(environment.logFiles.retentionDays),
          noncurrentVersionExpiration: REPLACED_FOR,
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      // In any environment: CloudFormation can't delete a bucket that is not empty, and would fail. Its files expire by
      // themselves.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // CloudFormation's own property: CDK's would add a function that sets the notifications.
    const resource = this.bucket.node.defaultChild as CfnBucket;
    resource.notificationConfiguration = {
      queueConfigurations: [{ event: 's3:ObjectCreated:*', queue: notifications.queueArn }],
    };
    // S3 checks whether it may send when the bucket is created.
    resource.node.addDependency(notifications.node.findChild('Policy'));
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason:
        'It holds copies of logs for some weeks; the table says which were read. A site that wants access logs turns on CloudTrail.',
    });
  }
}
