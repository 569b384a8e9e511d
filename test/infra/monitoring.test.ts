import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALARM_KEYS, type AlarmKey, OPTIONAL_ALARMS } from '../../infra/monitoring/alarm-catalogue.ts';
import { runbookLink } from '../../infra/monitoring/runbook-link.ts';
import { BASE_RATE } from '../../lib/consensus/probability.ts';
import { type AlarmProperties, readAlarm } from '../../lib/local/alarms/alarm-definition.ts';
import type { AlarmState } from '../../lib/local/alarms/alarm-state.ts';
import { metricsServiceName } from '../../lib/telemetry/metric-names.ts';
import { AlarmTimeline, STEPS_PER_HOUR } from '../fixtures/infra/alarm-timeline.ts';
import { dashboardWidgets } from '../fixtures/infra/dashboard-body.ts';
import { siteEnvironment } from '../fixtures/infra/environments.ts';
import {
  ENVIRONMENT_NAMES,
  type Resource,
  resourcesOfType,
  synthesis,
  synthesizeWith,
} from '../fixtures/infra/synthesis.ts';
import { CLEARED, connection } from '../fixtures/service/connections.ts';
import { expectedAssessment } from '../fixtures/service/expected-assessment.ts';

const RUNBOOK = readFileSync(new URL('../../docs/alarms.md', import.meta.url), 'utf8');

interface Alarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly ActionsEnabled: boolean;
  readonly AlarmActions: readonly unknown[];
  readonly OKActions: readonly unknown[];
  readonly InsufficientDataActions?: readonly unknown[];
  readonly TreatMissingData: string;
  readonly DatapointsToAlarm: number;
  readonly EvaluationPeriods: number;
  readonly Metrics: readonly { readonly MetricStat?: object }[];
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: unknown;
  readonly Condition?: unknown;
}

function theOnly(
  resources: Readonly<Record<string, Resource>>,
  type: string,
): [string, Resource['Properties']] {
  const found = resourcesOfType(resources, type);
  expect(found).toHaveLength(1);
  const [id = '', resource] = found[0] ?? [];
  return [id, resource?.Properties ?? {}];
}

/** Subscriptions to a stack's topics. */
function subscriptionsOf(resources: Readonly<Record<string, Resource>>): Resource['Properties'][] {
  return resourcesOfType(resources, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties);
}

describe.each(ENVIRONMENT_NAMES)('the alarms of %s', (environment) => {
  const { Monitoring } = synthesis(environment).resources;
  const alarms = resourcesOfType(Monitoring, 'AWS::CloudWatch::Alarm').map(
    ([, { Properties }]) => Properties as unknown as Alarm,
  );

  it('are those of the catalogue, without what nobody asked for', () => {
    const names = ALARM_KEYS.filter((key) => !OPTIONAL_ALARMS.has(key)).map(
      (key) => `${metricsServiceName(environment)}-${key}`,
    );

    expect(alarms.map(({ AlarmName }) => AlarmName).sort()).toEqual(names.sort());
  });

  it.each(alarms)('$AlarmName is told when it goes off and when it ends, and says what to do', (alarm) => {
    const [topic] = theOnly(Monitoring, 'AWS::SNS::Topic');
    const key = alarm.AlarmName.slice(metricsServiceName(environment).length + 1);

    expect(alarm.ActionsEnabled).toBe(true);
    expect(alarm.AlarmActions).toEqual([{ Ref: topic }]);
    expect(alarm.OKActions).toEqual([{ Ref: topic }]);
    expect(alarm.InsufficientDataActions).toBeUndefined();
    // A function that never runs reports nothing.
    const isOnSilence = alarm.AlarmName.endsWith('-feeds-stopped');
    expect(alarm.TreatMissingData).toBe(isOnSilence ? 'breaching' : 'notBreaching');
    // One good period, or one late value, must not clear it, and one bad period in an hour must not trigger it.
    if (!isOnSilence) expect(alarm.DatapointsToAlarm).toBeLessThan(alarm.EvaluationPeriods);
    // A mail shows this many characters of a description.
    expect(alarm.AlarmDescription.length).toBeLessThanOrEqual(1024);
    expect(alarm.AlarmDescription).toMatch(/.\. \r\nRunbook: /);
    expect(
      alarm.AlarmDescription.endsWith(`\nRunbook: ${runbookLink(siteEnvironment(environment), key)}`),
    ).toBe(true);
    expect(RUNBOOK).toContain(`\n## ${key}\n`);
  });

  it('watch at most ten metrics each, and 75 in all, since each costs', () => {
    const counts = alarms.map(({ Metrics }) => Metrics.filter(({ MetricStat }) => MetricStat).length);

    expect(Math.max(...counts)).toBeLessThanOrEqual(10);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(75);
  });
});

describe.each(ENVIRONMENT_NAMES)('what watches %s', (environment) => {
  it('is what watches any other, but for its name and the figures that may differ', () => {
    const named = (other: string) => {
      const alarms = resourcesOfType(synthesis(other).resources.Monitoring, 'AWS::CloudWatch::Alarm');
      const texts = alarms.map(([, { Properties }]) => JSON.stringify({ ...Properties, Threshold: 'any' }));
      return texts.map((text) =>
        text
          .replaceAll(new RegExp(`\\b${other}\\b`, 'g'), 'ENVIRONMENT')
          .replaceAll(/Runbook: [^"]+/g, 'Runbook: RUNBOOK')
          .replaceAll('{"Ref":"AWS::Region"}', '"eu-central-1"'),
      );
    };

    expect(named(environment)).toEqual(named('dev'));
  });
});

describe('an environment with an alarm on silence', () => {
  const HOURS = 6;
  const { Monitoring } = synthesizeWith({ alarms: { nothingReceivedHours: HOURS } }).resources;
  const [properties] = resourcesOfType(Monitoring, 'AWS::CloudWatch::Alarm')
    .map(([, { Properties }]) => Properties as unknown as AlarmProperties)
    .filter(({ AlarmName }) => AlarmName.endsWith('-nothing-received'));
  const alarm = readAlarm(properties as AlarmProperties, JSON.stringify);
  const KEY = 'nothing-received' satisfies AlarmKey;

  /** Simulates hours with this many sent messages each; undefined if SQS reports nothing. */
  function stateAfter(sent: readonly (number | undefined)[]): AlarmState | undefined {
    const timeline = new AlarmTimeline(new Map([[KEY, alarm]]));
    const [metric] = alarm.metrics.values();
    for (const value of sent) {
      const { namespace = '', name = '', dimensions = {} } = metric ?? {};
      timeline.passData(1, value === undefined ? [] : [{ namespace, name, dimensions, value }]);
      timeline.passData(STEPS_PER_HOUR - 1, []);
    }
    return timeline.stateOf(KEY);
  }

  const hours = (count: number, value?: number) => Array.from({ length: count }, () => value);

  it('has the alarm that every other environment lacks, on what is sent to its work queue', () => {
    expect([...alarm.metrics.values()]).toMatchObject([
      { namespace: 'AWS/SQS', name: 'NumberOfMessagesSent', statistic: 'Sum' },
    ]);
    expect(properties).toMatchObject({ TreatMissingData: 'breaching' });
  });

  it.each<[string, readonly (number | undefined)[], AlarmState]>([
    ['a message every hour', hours(24, 1), 'OK'],
    ['silence for less than the hours', [...hours(12, 5), ...hours(HOURS - 1, 0)], 'OK'],
    ['silence for the hours', [...hours(12, 5), ...hours(HOURS, 0)], 'ALARM'],
    // CloudWatch looks for values slightly further back than the hours.
    ['no figures at all', [...hours(12, 5), ...hours(HOURS + 2)], 'ALARM'],
    ['no figures ever', hours(HOURS), 'ALARM'],
    ['a message after the silence', [...hours(12, 0), 1], 'OK'],
  ])('is in the right state after %s', (_, sent, state) => {
    expect(stateAfter(sent)).toBe(state);
  });
});

describe('the runbook', () => {
  it('has an entry for each alarm and for nothing else', () => {
    const entries = [...RUNBOOK.matchAll(/^## (.+)$/gm)].map(([, key]) => key);

    expect(entries.sort()).toEqual(ALARM_KEYS.toSorted());
  });
});

describe('the topic', () => {
  const { Monitoring } = synthesis('prod').resources;
  const [keyId, key] = theOnly(Monitoring, 'AWS::KMS::Key');
  const [topicId, topic] = theOnly(Monitoring, 'AWS::SNS::Topic');
  const account = { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } };

  it('has a key of its own, which is rotated', () => {
    expect(topic.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [keyId, 'Arn'] });
    expect(key.EnableKeyRotation).toBe(true);
  });

  it('has a key that CloudWatch and the rollback may use, and administrators only manage', () => {
    const { Statement: statements } = key.KeyPolicy as { Statement: Statement[] };
    const [administration, ...uses] = statements;
    const [role] = resourcesOfType(Monitoring, 'AWS::IAM::Role').map(([id]) => id);

    expect(administration).toMatchObject({ Effect: 'Allow', Resource: '*' });
    expect(administration?.Principal).toEqual({ AWS: 'arn:aws:iam::111122223333:root' });
    for (const action of (administration?.Action ?? []) as string[]) {
      expect(action).toMatch(
        /^kms:(?:Cancel|Create(?!Grant)|Delete|Describe|Disable|Enable|Get|List|Put|Revoke|Rotate|Schedule|Tag|Untag|Update)/,
      );
    }
    expect(uses).toEqual([
      {
        Sid: 'CloudWatch',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        Resource: '*',
        Condition: { StringEquals: account },
      },
      {
        Sid: 'Rollback',
        Effect: 'Allow',
        Principal: { AWS: { 'Fn::GetAtt': [role, 'Arn'] } },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
      },
    ]);
  });

  it("takes nothing but this account's alarms, and over TLS only", () => {
    const [, policy] = theOnly(Monitoring, 'AWS::SNS::TopicPolicy');
    const { Statement: statements } = policy.PolicyDocument as { Statement: Statement[] };

    expect(policy.Topics).toEqual([{ Ref: topicId }]);
    expect(statements).toEqual([
      expect.objectContaining({
        Effect: 'Deny',
        Principal: '*',
        Action: 'sns:Publish',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      {
        Sid: 'CloudWatchAlarms',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: { Ref: topicId },
        Condition: { StringEquals: account, ArnLike: { 'aws:SourceArn': expect.anything() } },
      },
    ]);
    expect(JSON.stringify(statements)).toContain(':alarm:*');
  });

  it('takes mailboxes and URLs as subscribers', () => {
    const alarmTargets = ['soc@example.com', 'https://alerts.example.com/hook'];
    const { resources } = synthesizeWith({ alarmTargets });

    expect(subscriptionsOf(resources.Monitoring)).toEqual([
      { Protocol: 'email', Endpoint: 'soc@example.com', TopicArn: { Ref: topicId } },
      { Protocol: 'https', Endpoint: 'https://alerts.example.com/hook', TopicArn: { Ref: topicId } },
    ]);
    expect(subscriptionsOf(synthesis('dev').resources.Monitoring)).toEqual([]);
  });

  it('stands beside the topics that the site has, which alarms and the rollback reach directly', () => {
    const existing = 'arn:aws:sns:eu-central-1:111122223333:soc';
    const { resources } = synthesizeWith({ alarmTargets: [existing] });
    const own = { Ref: topicId };

    expect(subscriptionsOf(resources.Monitoring)).toEqual([]);
    for (const type of ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm']) {
      const alarms = resourcesOfType(resources.Monitoring, type);
      expect(alarms.length).toBeGreaterThan(0);
      for (const [, { Properties }] of alarms) {
        expect(Properties).toMatchObject({ AlarmActions: [own, existing], OKActions: [own, existing] });
      }
    }
    const [, handler] = theOnly(resources.Monitoring, 'AWS::Lambda::Function');
    expect(handler.Environment).toMatchObject({
      Variables: { ALARM_TOPIC_ARNS: { 'Fn::Join': ['', [own, `,${existing}`]] } },
    });
    const [[, policy] = ['', undefined]] = resourcesOfType(resources.Monitoring, 'AWS::IAM::Policy');
    expect(policy?.Properties.PolicyDocument).toMatchObject({
      Statement: expect.arrayContaining([
        { Action: 'sns:Publish', Effect: 'Allow', Resource: [existing, own] },
      ]),
    });
  });
});

describe('the dashboard', () => {
  const widgets = dashboardWidgets();
  const titled = (title: string) => widgets.find(({ properties }) => properties.title === title)?.properties;

  it('begins with the state of all alarms', () => {
    const [first] = widgets;

    expect(first?.type).toBe('alarm');
    expect(first?.properties.alarms).toHaveLength(ALARM_KEYS.length - OPTIONAL_ALARMS.size);
  });

  it.each([
    ['Age of the oldest message, seconds', [900]],
    ['Average consensus score', [0.01, 0.8]],
    ['Uncertainty', [0.3]],
    ['Failing votes and consensus', [0.05, 0.05]],
    ['Rejected records', [0.01]],
    ['Messages handed back', [0.1]],
    ['Executions that fail', [0.25]],
    ['Slow assessments', [0.01, 0.01]],
    ['Settings in force', [0.5]],
  ])('draws thresholds into "%s"', (title, thresholds) => {
    const lines = titled(title)?.annotations?.horizontal?.map(({ value }) => value);

    expect(lines).toEqual(thresholds);
  });

  it('shows each graph once, none overlapping another', () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, n) => `${x + (n % width)}/${y + Math.floor(n / width)}`),
    );

    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBe(24);
  });
});

describe('the checks of AWS Solutions', () => {
  it.each(ENVIRONMENT_NAMES)('find nothing in %s that is not accounted for', (environment) => {
    const { violations, acknowledged } = synthesis(environment);

    expect(violations).toEqual([]);
    for (const { ruleName, reason } of acknowledged) expect(reason, ruleName).toMatch(/^\w.{30,}\.$/);
  });
});

describe('the band of the average score', () => {
  it.each(ENVIRONMENT_NAMES)('of %s has all that may well happen in it', (environment) => {
    const { minimum, maximum } = siteEnvironment(environment).alarms.averageScore;
    const cleared = expectedAssessment(connection({ threat_intel: CLEARED })).threat_score;
    const unknown = expectedAssessment(connection()).threat_score;

    expect(minimum).toBeCloseTo(BASE_RATE / 6, 10);
    expect(minimum).toBeLessThan(cleared);
    expect(unknown).toBe(BASE_RATE);
    expect(maximum).toBeGreaterThan(0.5);
  });
});
