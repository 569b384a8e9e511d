import { describe, expect, it } from 'vitest';
import type { EnvironmentInput } from '../../infra/environment-schema.ts';
import { detectionFinding } from '../../lib/announcement/ocsf/detection-finding.ts';
import type { EventTargetDefinition } from '../../lib/local/template/service-definition.ts';
import { digest, findingAnnouncement } from '../factories/announcements.ts';
import { withTargets } from '../fixtures/infra/announcing-service.ts';
import { siteEnvironment } from '../fixtures/infra/environments.ts';
import { type Resource, resourcesOfType, synthesis, synthesizeWith } from '../fixtures/infra/synthesis.ts';

const EXISTING = 'arn:aws:sns:eu-central-1:111122223333:soc';
const BUS = 'arn:aws:events:eu-central-1:111122223333:event-bus/security';

const TARGETS = [
  { type: 'email', name: 'mail', address: 'soc@example.com', kinds: ['new-malicious', 'cleared'] },
  { type: 'topic', name: 'soc', arn: EXISTING },
  { type: 'slack', name: 'slack', urlSecret: 'threat-consensus/slack', minimumSeverity: 'medium' },
  { type: 'teams', name: 'teams', urlSecret: 'threat-consensus/teams' },
  { type: 'pagerduty', name: 'pager', routingKeySecret: 'threat-consensus/pager', minimumSeverity: 'high' },
  {
    type: 'webhook',
    name: 'siem',
    url: 'https://siem.example.com/in',
    header: 'Authorization',
    secret: 'threat-consensus/siem',
  },
] as const satisfies EnvironmentInput['announcementTargets'];

const plain = synthesis('prod').resources;
const service = synthesizeWith({ announcementTargets: TARGETS, customerManagedKey: true });
const { Scoring, Monitoring } = service.resources;

const ofType = (type: string, resources: Readonly<Record<string, Resource>> = Scoring) =>
  resourcesOfType(resources, type).map(([, { Properties }]) => Properties);

/** The rules on the announcement bus, as read by the embedded stack. */
const definition = withTargets(TARGETS.filter(({ type }) => type !== 'topic'));
const rules = definition.watch.rules.filter(({ bus }) => bus !== 'default');

const CALLING = detectionFinding(findingAnnouncement(), 'dev');
const eventOf = (detail: object, detailType = 'Address Became Malicious') => ({
  source: 'threat-consensus',
  'detail-type': detailType,
  detail,
});

/** The target whose rule is named after it. */
function targetOf(name: string): EventTargetDefinition {
  const rule = rules.find((each) => each.name.includes(`Targets${name}`));
  const [target] = rule?.targets ?? [];
  if (target === undefined) throw new Error(`no rule for ${name}`);
  return target;
}

describe('an environment without targets', () => {
  it('has a bus of its own, and nothing else to pay for', () => {
    expect(ofType('AWS::Events::EventBus', plain.Scoring)).toHaveLength(1);
    for (const type of ['AWS::Events::ApiDestination', 'AWS::SNS::Topic', 'AWS::KMS::Key']) {
      expect(ofType(type, plain.Scoring), type).toEqual([]);
    }
  });

  it('uses the bus that it is given', () => {
    const { Scoring: scoring } = synthesizeWith({
      announcementBus: BUS,
      announcementTargets: [TARGETS[0]],
    }).resources;

    expect(ofType('AWS::Events::EventBus', scoring)).toEqual([]);
    expect(JSON.stringify(ofType('AWS::IAM::Policy', scoring))).toContain(
      `"events:PutEvents","Effect":"Allow","Resource":"${BUS}"`,
    );
    expect(ofType('AWS::Events::Rule', scoring)).toContainEqual(
      expect.objectContaining({ EventBusName: 'security' }),
    );
  });
});

describe('an environment with a target of each type', () => {
  it('passes the checks of AWS Solutions', () => {
    expect(service.violations).toEqual([]);
    expect(service.warnings).toEqual([]);
  });

  it('encrypts the bus with its own key', () => {
    const [bus] = ofType('AWS::Events::EventBus');

    expect(JSON.stringify(bus?.KmsKeyIdentifier)).toContain('ThreatConsensus-prod-Storage');
  });

  it('keeps what a target did not take for 14 days, and tries for a day', () => {
    const targets = ofType('AWS::Events::Rule')
      .filter(({ EventBusName }) => EventBusName !== undefined)
      .flatMap(({ Targets }) => Targets as Record<string, unknown>[]);
    const queues = targets.map(({ DeadLetterConfig }) => JSON.stringify(DeadLetterConfig));

    expect(targets).toHaveLength(TARGETS.length);
    expect(new Set(queues).size).toBe(TARGETS.length);
    for (const { RetryPolicy } of targets) {
      expect(RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 });
    }
    const undelivered = resourcesOfType(Scoring, 'AWS::SQS::Queue').filter(([id]) =>
      id.includes('Undelivered'),
    );
    expect(undelivered).toHaveLength(TARGETS.length);
    for (const [, { Properties }] of undelivered) expect(Properties.MessageRetentionPeriod).toBe(14 * 86_400);
  });

  it('lets each rule put into its own queue only', () => {
    const policies = resourcesOfType(Scoring, 'AWS::SQS::QueuePolicy').filter(([id]) =>
      id.includes('Undelivered'),
    );

    for (const [id, { Properties }] of policies) {
      const { Statement } = Properties.PolicyDocument as {
        Statement: { Effect: string; Condition: object }[];
      };
      const allowed = Statement.filter(({ Effect }) => Effect === 'Allow');
      expect(allowed).toHaveLength(1);
      const [, name = ''] = /Targets(.+)Undelivered/.exec(id) ?? [];
      expect(JSON.stringify(allowed[0]?.Condition)).toMatch(new RegExp(`aws:SourceArn.*Targets${name}Rule`));
    }
    expect(policies).toHaveLength(TARGETS.length);
  });

  it('lets rules call their own endpoint and nothing else', () => {
    const roles = resourcesOfType(Scoring, 'AWS::IAM::Policy').filter(([id]) => id.includes('Webhook'));

    expect(roles).toHaveLength(4);
    for (const [, { Properties }] of roles) {
      const { Statement } = Properties.PolicyDocument as {
        Statement: { Action: string; Resource: object }[];
      };
      expect(Statement.map(({ Action }) => Action)).toEqual(['events:InvokeApiDestination']);
      expect(JSON.stringify(Statement[0]?.Resource)).toMatch(
        /"Fn::GetAtt":\["AnnouncementsTargets.*","Arn"\]/,
      );
    }
  });

  it('holds names of secrets and no secret', () => {
    const text = JSON.stringify([ofType('AWS::Events::Connection'), ofType('AWS::Events::ApiDestination')]);

    for (const name of ['slack', 'teams', 'pager', 'siem']) {
      expect(text).toContain(`{{resolve:secretsmanager:threat-consensus/${name}:SecretString:::}}`);
    }
    expect(text).not.toContain('hooks.slack.com');
  });

  it('has an alarm on what targets did not take', () => {
    const alarm = ofType('AWS::CloudWatch::Alarm', Monitoring).find(({ AlarmName }) =>
      String(AlarmName).endsWith('announcement-targets-failing'),
    );

    const metrics = (alarm?.Metrics ?? []) as object[];
    expect(metrics.filter((each) => 'MetricStat' in each)).toHaveLength(TARGETS.length);
  });
});

describe('targets select', () => {
  const matching = (event: object) =>
    rules.filter(({ pattern }) => pattern(event)).map(({ name }) => /Targets([a-z]+)/.exec(name)?.[1]);

  it.each<[string, object, readonly string[]]>([
    ['a call to a malicious address', eventOf(CALLING), ['mail', 'slack', 'teams', 'pager', 'siem']],
    [
      'a knock',
      eventOf(detectionFinding(findingAnnouncement({ direction: 'inbound', answered: 0 }), 'dev')),
      ['mail', 'teams', 'siem'],
    ],
    ['a digest', eventOf(detectionFinding(digest(), 'dev'), 'Hourly Digest'), ['teams', 'siem']],
    ['what another service says', { ...eventOf(CALLING), source: 'other' }, []],
  ])('%s', (_, event, expected) => {
    expect(matching(event)).toEqual(expected);
  });
});

describe('what a target gets', () => {
  const given = (name: string, event: object = eventOf(CALLING)) => targetOf(name).input(event);

  it('is lines of text by mail', () => {
    expect(given('mail').split('\n')).toEqual([
      '"[dev] 10.0.0.7 calls a malicious address, 203.0.113.9 (score 0.82)"',
      expect.stringMatching(/^"57 outbound connections, 57 answered, to 8443\/tcp, .*"$/),
      expect.stringMatching(/^"Scored by consensus, malicious from 0\.70\. .*"$/),
      '"Details: threat-consensus assessments 203.0.113.9"',
      `"Announcement dev/${findingAnnouncement().uid}; a duplicate has the same name."`,
    ]);
  });

  it('is a text for Slack', () => {
    expect(JSON.parse(given('slack'))).toEqual({ text: CALLING.message });
  });

  it('is a card for Teams', () => {
    const { type, attachments } = JSON.parse(given('teams'));

    expect(type).toBe('message');
    expect(attachments).toMatchObject([
      { contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard' } },
    ]);
    const [{ content }] = attachments;
    expect(content.body.map(({ text }: { text: string }) => text).join('\n')).toBe(CALLING.message);
  });

  it('is an alert for PagerDuty that a label resolves', () => {
    const cleared = detectionFinding(findingAnnouncement({ kind: 'cleared' }), 'dev');
    const alert = JSON.parse(given('pager'));

    expect(alert).toEqual({
      event_action: 'trigger',
      dedup_key: CALLING.finding_info.uid,
      payload: {
        summary: CALLING.finding_info.title,
        source: 'dev',
        severity: 'critical',
        custom_details: CALLING.unmapped,
      },
    });
    expect(JSON.parse(given('pager', eventOf(cleared)))).toMatchObject({
      event_action: 'resolve',
      dedup_key: alert.dedup_key,
    });
    expect(targetOf('pager')).toMatchObject({
      destination: {
        url: 'https://events.pagerduty.com/v2/enqueue',
        body: { routing_key: '{{resolve:secretsmanager:threat-consensus/pager:SecretString:::}}' },
      },
    });
  });

  it('is the whole event for any other webhook, with its secret in a header', () => {
    expect(JSON.parse(given('siem'))).toEqual(eventOf(CALLING));
    expect(targetOf('siem')).toMatchObject({
      destination: {
        url: 'https://siem.example.com/in',
        headers: { Authorization: '{{resolve:secretsmanager:threat-consensus/siem:SecretString:::}}' },
      },
    });
  });
});

describe('targets are refused', () => {
  it.each<[string, unknown, string]>([
    ['of an unknown type', { type: 'pigeon', name: 'coop' }, 'announcementTargets.0.type'],
    ['with an unknown key', { ...TARGETS[0], adress: 'x' }, 'Unrecognized key: "adress"'],
    ['without TLS', { ...TARGETS[5], url: 'http://siem.example.com' }, 'expected an https URL'],
    [
      'with a name that no resource can have',
      { ...TARGETS[0], name: 'My Mail' },
      'expected up to 20 lower-case letters',
    ],
    [
      'with a secret in place of its name',
      { ...TARGETS[2], urlSecret: 'https://hooks.slack.com/x' },
      'expected the name of a secret',
    ],
    [
      'with an unknown severity',
      { ...TARGETS[2], minimumSeverity: 'awful' },
      'announcementTargets.0.minimumSeverity',
    ],
  ])('%s', (_, target, why) => {
    const announcementTargets = [target] as EnvironmentInput['announcementTargets'];

    expect(() => siteEnvironment('prod', { announcementTargets })).toThrow(why);
  });

  it('with a name that another has', () => {
    expect(() => siteEnvironment('prod', { announcementTargets: [TARGETS[0], TARGETS[0]] })).toThrow(
      'expected each name once',
    );
  });

  it('beside a bus that is none', () => {
    expect(() => siteEnvironment('prod', { announcementBus: 'security' })).toThrow(
      'expected the ARN of an event bus',
    );
  });
});
