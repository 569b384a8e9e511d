import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { isTopicArn } from '../alarm-target.ts';
import { TopicKey } from '../constructs/topic-key.ts';
import type { Environment } from '../environment.ts';

const CLOUDWATCH = new ServicePrincipal('cloudwatch.amazonaws.com');

/**
 * The destinations of alarms: the deployment's own topic, to which mailboxes and URLs subscribe, and existing topics of
 * the site.
 */
export class AlarmTopic extends Construct {
  /** The deployment's own topic. */
  readonly topic: Topic;
  /** Its encryption key. */
  readonly key: Key;
  /** Our own topic, and those of the site, which have to allow CloudWatch to publish. */
  readonly all: readonly ITopic[];
  /** Topics that the site passed as constructs, which may have keys. */
  readonly given: readonly ITopic[];
  /** Whether our own topic has subscribers. */
  readonly hasSubscribers: boolean;

  /** @param given topics of the site, in addition to those that the environment names */
  constructor(scope: Construct, id: string, { name, alarmTargets }: Environment, given: readonly ITopic[]) {
    super(scope, id);
    this.key = new TopicKey(this, 'Key', {
      description: `Alarms of threat-consensus (${name})`,
      publisher: { sid: 'CloudWatch', principal: CLOUDWATCH },
    });
    this.topic = new Topic(this, 'Topic', {
      displayName: `threat-consensus ${name}`,
      masterKey: this.key,
      enforceSSL: true,
    });
    // A policy of its own replaces the topic's default one, which allows CloudWatch to publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'CloudWatchAlarms',
        principals: [CLOUDWATCH],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': alarmsOf(this) },
        },
      }),
    );
    const subscribers = alarmTargets.filter((each) => !isTopicArn(each));
    this.hasSubscribers = subscribers.length > 0;
    for (const target of subscribers) {
      this.topic.addSubscription(
        target.startsWith('https:') ? new UrlSubscription(target) : new EmailSubscription(target),
      );
    }
    const existing = alarmTargets
      .filter(isTopicArn)
      .map((arn, index) => Topic.fromTopicArn(this, `Existing${index + 1}`, arn));
    // The policy of an imported topic is for the site to write.
    this.given = given;
    for (const each of given) each.grantPublish(CLOUDWATCH);
    this.all = [this.topic, ...existing, ...given];
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
