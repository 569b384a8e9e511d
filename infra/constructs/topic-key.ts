import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  PolicyDocument,
  PolicyStatement,
  type ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { KEY_ADMINISTRATION } from './key-administration.ts';

export interface TopicKeyProps {
  readonly description: string;
  /** The service that publishes to the topics, and its name as the id of a statement. */
  readonly publisher: { readonly sid: string; readonly principal: ServicePrincipal };
}

/**
 * The key of topics that a service of AWS publishes to. The policy of SNS's default key leaves such services out: what
 * they publish would be dropped without a word.
 */
export class TopicKey extends Key {
  constructor(scope: Construct, id: string, { description, publisher }: TopicKeyProps) {
    super(scope, id, {
      description,
      enableKeyRotation: true,
      // Nothing is kept that it encrypts: mail is sent in clear.
      removalPolicy: RemovalPolicy.DESTROY,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'Administration',
            principals: [new AccountRootPrincipal()],
            actions: [...KEY_ADMINISTRATION],
            resources: ['*'],
          }),
          // SNS Developer Guide, "Enable compatibility between event sources from AWS services and encrypted topics".
          new PolicyStatement({
            sid: publisher.sid,
            principals: [publisher.principal],
            actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            resources: ['*'],
            conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
          }),
        ],
      }),
    });
  }
}
