import { ArnFormat, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { isTopicArn } from '../alarm-target.ts';
import { KEY_ADMINISTRATION } from '../constructs/key-administration.ts';
import type { Environment } from '../select-environment.ts';

const CLOUDWATCH = new ServicePrincipal('cloudwatch.amazonaws.com');

const OWN_ACCOUNT = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };

/**
 * Where alarms are reported: a topic of the deployment's own, to which mailboxes and URLs subscribe, and the site's
 * existing topics. Our own is encrypted with a key of its own, because the policy of SNS's default key leaves out
 * CloudWatch: its notifications would be dropped without a word.
 */
export class AlarmTopic extends Construct {
  /** The deployment's own. */
  readonly topic: Topic;
  /** What it is encrypted with. */
  readonly key: Key;
  /** Our own, and those of the site, which have to let CloudWatch publish. */
  readonly all: readonly ITopic[];

  constructor(scope: Construct, id: string, { name, alarmTargets }: Environment) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: `Alarms of threat-consensus (${name})`,
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
            sid: 'CloudWatch',
            principals: [CLOUDWATCH],
            actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            resources: ['*'],
            conditions: OWN_ACCOUNT,
          }),
        ],
      }),
    });
    this.topic = new Topic(this, 'Topic', {
      displayName: `threat-consensus ${name}`,
      masterKey: this.key,
      enforceSSL: true,
    });
    // A topic with a policy has lost the default one, by which CloudWatch may publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'CloudWatchAlarms',
        principals: [CLOUDWATCH],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { ...OWN_ACCOUNT, ArnLike: { 'aws:SourceArn': alarmsOf(this) } },
      }),
    );
    for (const target of alarmTargets.filter((each) => !isTopicArn(each))) {
      this.topic.addSubscription(
        target.startsWith('https:') ? new UrlSubscription(target) : new EmailSubscription(target),
      );
    }
    const existing = alarmTargets
      .filter(isTopicArn)
      .map((arn, index) => Topic.fromTopicArn(this, `Existing${index + 1}`, arn));
    this.all = [this.topic, ...existing];
  }
}

/** The alarms of the scope's account and region. */
function alarmsOf(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
