import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { TopicKey } from '../constructs/topic-key.ts';

/** The key of the topics that EventBridge publishes announcements to. */
export function mailingKey(scope: Construct, id: string, environmentName: string): TopicKey {
  return new TopicKey(scope, id, {
    description: `Mail of announcements of threat-consensus (${environmentName})`,
    publisher: { sid: 'EventBridge', principal: new ServicePrincipal('events.amazonaws.com') },
  });
}

/** A separate topic for each target, so that each mailbox receives what its target selects. */
export function mailingTopic(scope: Construct, id: string, environmentName: string, masterKey: Key): Topic {
  return new Topic(scope, id, {
    displayName: `threat-consensus ${environmentName}`,
    masterKey,
    enforceSSL: true,
  });
}
