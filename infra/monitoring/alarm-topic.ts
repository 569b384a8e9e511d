import { ArnFormat, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Environment } from '../select-environment.ts';

const CLOUDWATCH = new ServicePrincipal('cloudwatch.amazonaws.com');
const EVENTBRIDGE = new ServicePrincipal('events.amazonaws.com');

const OWN_ACCOUNT = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };

/**
 * Where alarms are told. It is encrypted with a key of its own, because the policy of SNS's default key leaves out
 * CloudWatch and EventBridge: their notifications would be dropped without a word.
 */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      description: `Alarms of threat-consensus (${environment.name})`,
      enableKeyRotation: true,
      // Nothing is kept that it encrypts: mail is sent in clear.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const use = { actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'] };
    key.addToResourcePolicy(
      new PolicyStatement({ sid: 'CloudWatch', principals: [CLOUDWATCH], ...use, conditions: OWN_ACCOUNT }),
    );
    // SNS Developer Guide, "Key management": in a key's policy, aws:SourceAccount and aws:SourceArn are not
    // supported for EventBridge. With them its notifications would be dropped.
    key.addToResourcePolicy(new PolicyStatement({ sid: 'EventBridge', principals: [EVENTBRIDGE], ...use }));

    this.topic = new Topic(this, 'Topic', {
      displayName: `threat-consensus ${environment.name}`,
      masterKey: key,
      enforceSSL: true,
    });
    // A topic with a policy has lost the default one, by which CloudWatch may publish. EventBridge is not let in
    // before there is a rule: SNS knows no condition for it, so that it would be every account's EventBridge.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'CloudWatchAlarms',
        principals: [CLOUDWATCH],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { ...OWN_ACCOUNT, ArnLike: { 'aws:SourceArn': alarmsOf(this) } },
      }),
    );
    if (environment.alarmEmail !== undefined) {
      this.topic.addSubscription(new EmailSubscription(environment.alarmEmail));
    }
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
