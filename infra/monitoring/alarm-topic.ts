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
 * Where alarms are reported: a topic of the deployment's own, to which mailboxes and URLs subscribe, and the site's
 * existing topics.
 */
export class AlarmTopic extends Construct {
  /** The deployment's own. */
  readonly topic: Topic;
  /** What it is encrypted with. */
  readonly key: Key;
  /** Our own, and those of the site, which have to let CloudWatch publish. */
  readonly all: readonly ITopic[];
  /** Those that the site gave as constructs, which may have keys. */
  readonly given: readonly ITopic[];
  /** Whether anybody subscribes to our own. */
  readonly hasSubscribers: boolean;

  /** @param given topics that the site has, beside those that the environment names */
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
    // A topic with a policy has lost the default one, by which CloudWatch may publish.
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
    // Where the topic is another app's, its policy is the site's to write.
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
