import { EventField, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { AnnouncementTarget } from '../announcement-target.ts';

const field = (path: string) => EventField.fromPath(`$.detail.${path}`);
const TITLE = field('finding_info.title');
const FACTS = field('unmapped.facts');
const REASONS = field('unmapped.reasons');
const NEXT = field('remediation.desc');

/** A target called over HTTP. */
export type WebhookType = Exclude<AnnouncementTarget['type'], 'email' | 'topic'>;

/**
 * Lines for people. EventBridge keeps the quotes around each, and SNS sets its own subject. Source: EventBridge User
 * Guide, "Amazon EventBridge input transformation".
 */
export function mailInput(): RuleTargetInput {
  const drops = `Announcement ${field('metadata.uid')}; a duplicate has the same name.`;
  return RuleTargetInput.fromMultilineText([TITLE, FACTS, REASONS, NEXT, drops].join('\n'));
}

/** The body of a call; undefined for the whole event. */
export function webhookInput(type: WebhookType): RuleTargetInput | undefined {
  return INPUTS[type]?.();
}

const INPUTS: Readonly<Record<WebhookType, (() => RuleTargetInput) | undefined>> = {
  // Source: Slack API, "Sending messages using incoming webhooks".
  slack: () => RuleTargetInput.fromObject({ text: field('message') }),
  // Source: Microsoft Teams, "Create incoming webhooks with Workflows": an Adaptive Card as the only attachment.
  teams: () =>
    RuleTargetInput.fromObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            body: [
              { type: 'TextBlock', text: TITLE, weight: 'Bolder', wrap: true },
              ...[FACTS, REASONS, NEXT].map((text) => ({ type: 'TextBlock', text, wrap: true })),
            ],
          },
        },
      ],
    }),
  // Source: PagerDuty, "Events API v2, send an alert event". The routing key comes with the connection; alerts of one
  // finding are one incident, which a label resolves.
  pagerduty: () =>
    RuleTargetInput.fromObject({
      event_action: field('unmapped.alert_action'),
      dedup_key: field('finding_info.uid'),
      payload: {
        summary: TITLE,
        source: field('metadata.tenant_uid'),
        severity: field('unmapped.alert_level'),
        custom_details: field('unmapped'),
      },
    }),
  webhook: undefined,
};
