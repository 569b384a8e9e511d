import * as z from 'zod';
import { ANNOUNCEMENT_KINDS } from '../lib/announcement/announcement.ts';
import { topicArn } from './alarm-target.ts';

/** Names of the OCSF severities that announcements have, lowest first. */
export const SEVERITY_NAMES = ['informational', 'low', 'medium', 'high'] as const;

/** Resources are identified by it: renaming a target replaces it. */
const name = z
  .string()
  .regex(/^[a-z][a-z0-9]{0,19}$/, 'expected up to 20 lower-case letters and digits, beginning with a letter');

/** Name of a secret in Secrets Manager; the secret itself is in no file or template. */
const secretName = z
  .string()
  .regex(
    /^[\w/+=.-]{1,256}$/,
    'expected the name of a secret of Secrets Manager, such as threat-consensus/slack',
  );

const common = {
  name,
  /** The kinds sent to it; all if omitted. */
  kinds: z.array(z.enum(ANNOUNCEMENT_KINDS)).min(1).optional(),
  /** The lowest severity sent to it. */
  minimumSeverity: z.enum(SEVERITY_NAMES).optional(),
};

/** A destination of announcements, and its format. */
export const announcementTarget = z.discriminatedUnion('type', [
  /** A mailbox, which has to confirm the subscription once. */
  z.strictObject({ ...common, type: z.literal('email'), address: z.email() }),
  /** One of the site's SNS topics, which has to allow EventBridge to publish. */
  z.strictObject({ ...common, type: z.literal('topic'), arn: topicArn }),
  /** A Slack channel: the secret holds the URL of an incoming webhook. */
  z.strictObject({ ...common, type: z.literal('slack'), urlSecret: secretName }),
  /** A Teams channel: the secret holds the URL of a workflow that posts the messages it receives. */
  z.strictObject({ ...common, type: z.literal('teams'), urlSecret: secretName }),
  /** A PagerDuty service: the secret holds the routing key of its Events API v2 integration. */
  z.strictObject({ ...common, type: z.literal('pagerduty'), routingKeySecret: secretName }),
  /** Any HTTPS endpoint; it receives the whole event, with the secret in a header. */
  z.strictObject({
    ...common,
    type: z.literal('webhook'),
    url: z.url({ protocol: /^https$/, error: 'expected an https URL' }),
    header: z.string().regex(/^[\w-]{1,64}$/, 'expected the name of a header, such as Authorization'),
    secret: secretName,
  }),
]);

export type AnnouncementTarget = z.output<typeof announcementTarget>;

/** An alarm watches one queue per target, and CloudWatch allows ten metrics in an expression. */
export const MOST_ANNOUNCEMENT_TARGETS = 10;
