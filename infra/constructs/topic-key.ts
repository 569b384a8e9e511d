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
  /** The service that publishes to the topics, with the id of its statement. */
  readonly publisher: { readonly sid: string; readonly principal: ServicePrincipal };
}

/**
 * The key of topics that an AWS service publishes to. The policy of SNS's default key does not allow such services:
 * their messages would be dropped silently.
 */
export class TopicKey extends Key {
  constructor(scope: Construct, id: string, { description, publisher }: TopicKeyProps) {
    super(scope, id, {
      description,
      enableKeyRotation: true,
      // It encrypts nothing that is kept: mail is sent unencrypted.
      removalPolicy: RemovalPolicy.DESTROY,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'Administration',
            principals: [new AccountRootPrincipal()],
            actions: [...KEY_ADMINISTRATION],
            resources: ['*'],
          }),
          // Source: SNS Developer Guide, "Enable compatibility between event sources from AWS services and encrypted
          // topics".
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
