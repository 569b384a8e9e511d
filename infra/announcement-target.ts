import * as z from 'zod';
import { ANNOUNCEMENT_KINDS } from '../lib/announcement/announcement.ts';
import { topicArn } from './alarm-target.ts';

/** Names of OCSF's severities that announcements have, the least first. */
export const SEVERITY_NAMES = ['informational', 'low', 'medium', 'high'] as const;

/** Resources are known by it: who renames a target makes another one. */
const name = z
  .string()
  .regex(/^[a-z][a-z0-9]{0,19}$/, 'expected up to 20 lower-case letters and digits, beginning with a letter');

/** Of Secrets Manager; the secret itself stands in no file and no template. */
const secretName = z
  .string()
  .regex(
    /^[\w/+=.-]{1,256}$/,
    'expected the name of a secret of Secrets Manager, such as threat-consensus/slack',
  );

const common = {
  name,
  /** What it is sent; everything where this is left out. */
  kinds: z.array(z.enum(ANNOUNCEMENT_KINDS)).min(1).optional(),
  /** The least severity that it is sent. */
  minimumSeverity: z.enum(SEVERITY_NAMES).optional(),
};

/** Where announcements go, and in which shape. */
export const announcementTarget = z.discriminatedUnion('type', [
  /** A mailbox, which has to confirm once. */
  z.strictObject({ ...common, type: z.literal('email'), address: z.email() }),
  /** An SNS topic of the site's, which has to let EventBridge publish. */
  z.strictObject({ ...common, type: z.literal('topic'), arn: topicArn }),
  /** A channel of Slack: the secret holds the URL of an incoming webhook. */
  z.strictObject({ ...common, type: z.literal('slack'), urlSecret: secretName }),
  /** A channel of Teams: the secret holds the URL of a workflow that posts what it gets. */
  z.strictObject({ ...common, type: z.literal('teams'), urlSecret: secretName }),
  /** A service of PagerDuty: the secret holds the routing key of its Events API v2 integration. */
  z.strictObject({ ...common, type: z.literal('pagerduty'), routingKeySecret: secretName }),
  /** Any HTTPS endpoint; it gets the whole event, and the secret in a header. */
  z.strictObject({
    ...common,
    type: z.literal('webhook'),
    url: z.url({ protocol: /^https$/, error: 'expected an https URL' }),
    header: z.string().regex(/^[\w-]{1,64}$/, 'expected the name of a header, such as Authorization'),
    secret: secretName,
  }),
]);

export type AnnouncementTarget = z.output<typeof announcementTarget>;

/** An alarm on them looks at so many queues at most: CloudWatch takes ten metrics in an expression. */
export const MOST_ANNOUNCEMENT_TARGETS = 10;
