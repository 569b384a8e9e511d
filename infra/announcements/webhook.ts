import { SecretValue } from 'aws-cdk-lib';
import { ApiDestination, Authorization, Connection, HttpMethod, HttpParameter } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { AnnouncementTarget } from '../announcement-target.ts';
import type { WebhookType } from './target-inputs.ts';

export type WebhookTarget = Extract<AnnouncementTarget, { readonly type: WebhookType }>;

/** Source: PagerDuty, "Events API v2". */
const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';
/** What most chats take; more wait. */
const CALLS_PER_SECOND = 1;

/**
 * An endpoint that EventBridge calls. Templates hold the names of secrets alone: CloudFormation looks them up when it
 * deploys, and EventBridge keeps those of connections in a secret of its own.
 */
export class Webhook extends Construct {
  readonly destination: ApiDestination;

  constructor(scope: Construct, id: string, target: WebhookTarget) {
    super(scope, id);
    const { endpoint, header, value, body } = callOf(target);
    const connection = new Connection(this, 'Connection', {
      description: `Announcements: ${target.name}`,
      authorization: Authorization.apiKey(header, value),
      ...(body && { bodyParameters: body }),
    });
    this.destination = new ApiDestination(this, 'Destination', {
      description: `Announcements: ${target.name}`,
      connection,
      endpoint,
      httpMethod: HttpMethod.POST,
      rateLimitPerSecond: CALLS_PER_SECOND,
    });
  }
}

interface Call {
  readonly endpoint: string;
  readonly header: string;
  readonly value: SecretValue;
  readonly body?: Record<string, HttpParameter>;
}

/** A connection needs a header; where the URL itself is the secret, it says who calls. */
const CALLER = { header: 'x-caller', value: SecretValue.unsafePlainText('threat-consensus') };

function callOf(target: WebhookTarget): Call {
  switch (target.type) {
    case 'slack':
    case 'teams':
      return { endpoint: SecretValue.secretsManager(target.urlSecret).unsafeUnwrap(), ...CALLER };
    case 'pagerduty': {
      const routingKey = SecretValue.secretsManager(target.routingKeySecret);
      return {
        endpoint: PAGERDUTY_URL,
        ...CALLER,
        body: { routing_key: HttpParameter.fromSecret(routingKey) },
      };
    }
    case 'webhook':
      return {
        endpoint: target.url,
        header: target.header,
        value: SecretValue.secretsManager(target.secret),
      };
  }
}
