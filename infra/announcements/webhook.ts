import { SecretValue } from 'aws-cdk-lib';
import { ApiDestination, Authorization, Connection, HttpMethod, HttpParameter } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { AnnouncementTarget } from '../announcement-target.ts';
import type { WebhookType } from './target-inputs.ts';

export type WebhookTarget = Extract<AnnouncementTarget, { readonly type: WebhookType }>;

/** Source: PagerDuty, "Events API v2". */
const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';
/** The rate that most chat services accept; further calls wait. */
const CALLS_PER_SECOND = 1;

/**
 * An endpoint that EventBridge calls. Templates hold only the names of secrets: CloudFormation resolves them during
 * deployment, and EventBridge keeps those of connections in its own secret.
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

/** A connection needs a header; if the URL itself is the secret, the header names the caller. */
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
