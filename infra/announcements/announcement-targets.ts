import { Duration } from 'aws-cdk-lib';
import {
  type EventPattern,
  type IApiDestination,
  type IEventBus,
  type IRuleTarget,
  Rule,
} from 'aws-cdk-lib/aws-events';
import { ApiDestination, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DETAIL_TYPES, EVENT_SOURCE } from '../../lib/announcement/event-names.ts';
import { type AnnouncementTarget, SEVERITY_NAMES } from '../announcement-target.ts';
import { acknowledgeEnd, endProps } from '../constructs/queue-ends.ts';
import type { Environment } from '../environment.ts';
import { mailingKey, mailingTopic } from './mailing-topic.ts';
import { mailInput, webhookInput } from './target-inputs.ts';
import { Webhook } from './webhook.ts';

export interface AnnouncementTargetsProps {
  readonly environment: Environment;
  readonly bus: IEventBus;
  readonly key: IKey | undefined;
}

/** EventBridge's own limits, made explicit: a target that is down for a day receives everything afterwards. */
const LATEST = Duration.hours(24);
const MOST_RETRIES = 185;

/** Delivery of announcements: for each target a rule on the bus, and a queue for failed deliveries. */
export class AnnouncementTargets extends Construct {
  /** Queues of failed deliveries, by target name. */
  readonly undelivered: ReadonlyMap<string, Queue>;
  readonly #environment: Environment;
  #mailingKey: Key | undefined;

  constructor(scope: Construct, id: string, { environment, bus, key }: AnnouncementTargetsProps) {
    super(scope, id);
    this.#environment = environment;
    const undelivered = environment.announcementTargets.map((target): [string, Queue] => {
      const part = new Construct(this, target.name);
      const queue = new Queue(part, 'Undelivered', endProps(environment, key));
      acknowledgeEnd(queue);
      new Rule(part, 'Rule', {
        description: `Announcements for ${target.name}`,
        eventBus: bus,
        eventPattern: patternOf(target),
        targets: [this.#ruleTarget(part, target, queue)],
      });
      return [target.name, queue];
    });
    this.undelivered = new Map(undelivered);
  }

  #ruleTarget(part: Construct, target: AnnouncementTarget, deadLetterQueue: Queue): IRuleTarget {
    const common = { deadLetterQueue, maxEventAge: LATEST, retryAttempts: MOST_RETRIES };
    if (target.type === 'email' || target.type === 'topic') {
      return new SnsTopic(this.#topic(part, target), { ...common, message: mailInput() });
    }
    const event = webhookInput(target.type);
    // CDK's own types disagree on optional properties under `exactOptionalPropertyTypes`.
    const { destination } = new Webhook(part, 'Webhook', target);
    return new ApiDestination(destination as IApiDestination, { ...common, ...(event && { event }) });
  }

  #topic(part: Construct, target: Extract<AnnouncementTarget, { readonly type: 'email' | 'topic' }>) {
    if (target.type === 'topic') return Topic.fromTopicArn(part, 'Topic', target.arn);
    const { name } = this.#environment;
    this.#mailingKey ??= mailingKey(this, 'MailingKey', name);
    const topic = mailingTopic(part, 'Topic', name, this.#mailingKey);
    topic.addSubscription(new EmailSubscription(target.address));
    return topic;
  }
}

function patternOf({ kinds, minimumSeverity }: AnnouncementTarget): EventPattern {
  const least = minimumSeverity === undefined ? 0 : SEVERITY_NAMES.indexOf(minimumSeverity);
  return {
    source: [EVENT_SOURCE],
    ...(kinds && { detailType: kinds.map((kind) => DETAIL_TYPES[kind]) }),
    // OCSF counts from 1.
    ...(least > 0 && { detail: { severity_id: SEVERITY_NAMES.slice(least).map((_, n) => least + 1 + n) } }),
  };
}
