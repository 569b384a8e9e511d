import * as z from 'zod';

const TOPIC_ARN = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[\w-]{1,256}$/;

/** An existing SNS topic. */
export const topicArn = z.string().regex(TOPIC_ARN, 'expected the ARN of an SNS topic');

/** Where an alarm may be sent; the form of the text determines the kind. */
export const alarmTarget = z.union([z.email(), z.url({ protocol: /^https$/ }), topicArn], {
  error: 'expected an e-mail address, an https URL or the ARN of an SNS topic',
});

/** Whether a target is an existing SNS topic; any other kind subscribes to the deployment's own topic. */
export function isTopicArn(target: string): boolean {
  return TOPIC_ARN.test(target);
}

/** The region of a topic. */
export function topicRegion(arn: string): string | undefined {
  return TOPIC_ARN.exec(arn)?.[1];
}
