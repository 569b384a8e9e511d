import { randomUUID } from 'node:crypto';
import type { Notification } from '../alarms/notifications.ts';
import { type Emulator, startEmulator } from './emulator.ts';

/** SNS's rules for a subject (API Reference, Publish). */
const SUBJECT = /^[\x21-\x7e][\x20-\x7e]{0,99}$/;

/**
 * Starts an SNS emulator in this process that accepts messages to topics and passes them to this process.
 *
 * @param topics their ARNs
 */
export async function startSnsEmulator(
  topics: readonly string[],
  onNotification: (notification: Notification) => void,
  port?: number,
): Promise<Emulator> {
  return await startEmulator(({ body }) => {
    const call = new URLSearchParams(body);
    const topic = call.get('TopicArn') ?? '';
    const subject = call.get('Subject') ?? '';
    const message = call.get('Message') ?? '';
    if (!topics.includes(topic)) return failure(404, 'NotFound');
    if (call.get('Action') === 'ListSubscriptionsByTopic') return subscriptionTo(topic);
    if (call.get('Action') !== 'Publish') return failure(400, 'InvalidAction');
    if (message === '' || (subject !== '' && !SUBJECT.test(subject))) return failure(400, 'InvalidParameter');
    onNotification({ topic, subject, message });
    return xml(
      200,
      `<PublishResponse><PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult></PublishResponse>`,
    );
  }, port);
}

function subscriptionTo(topic: string) {
  return xml(
    200,
    '<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions><member>' +
      `<TopicArn>${topic}</TopicArn><SubscriptionArn>${topic}:embedded</SubscriptionArn>` +
      '<Protocol>application</Protocol><Endpoint>the embedded stack</Endpoint>' +
      '</member></Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>',
  );
}

function failure(status: number, code: string) {
  return xml(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
  );
}

function xml(status: number, body: string) {
  return { status, contentType: 'text/xml', body };
}
