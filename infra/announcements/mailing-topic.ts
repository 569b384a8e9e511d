import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { KEY_ADMINISTRATION } from '../constructs/key-administration.ts';

const EVENTS = new ServicePrincipal('events.amazonaws.com');

/** The key of topics that EventBridge publishes to: the policy of SNS's default key leaves it out. */
export class MailingKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, environmentName: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: `Mail of announcements of threat-consensus (${environmentName})`,
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
            sid: 'EventBridge',
            principals: [EVENTS],
            actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            resources: ['*'],
            conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
          }),
        ],
      }),
    });
  }
}

/** A topic of one target's own, so that each mailbox gets what its target asks for. */
export function mailingTopic(scope: Construct, id: string, environmentName: string, masterKey: Key): Topic {
  return new Topic(scope, id, {
    displayName: `threat-consensus ${environmentName}`,
    masterKey,
    enforceSSL: true,
  });
}
