import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import { ThreatConsensus, type ThreatConsensusProps } from '../../infra/cdk.ts';
import type { serviceSchema } from '../../infra/environment-schema.ts';
import type { ServiceSettings } from '../../infra/service-settings.ts';
import { VARIABLES } from '../../lib/aws/stack-outputs.ts';
import { siteEnvironment } from '../fixtures/infra/environments.ts';
import { fixedName } from '../fixtures/infra/simulated-account.ts';
import type { Resource } from '../fixtures/infra/synthesis.ts';
import { synthesizeService } from '../fixtures/infra/synthesized-service.ts';

/** The minimum configuration of an app. */
const LEAST = { homeNetworks: ['192.0.2.0/24'] };

/** A third-party app: without our feature flags, account or region. */
function ownApp(): App {
  return new App({ analyticsReporting: false, context: { 'aws:cdk:bundling-stacks': [] } });
}

function ownStack(): Stack {
  return new Stack(ownApp(), 'Site');
}

function resourcesOf(stack: Stack): Readonly<Record<string, Resource>> {
  return Template.fromStack(stack).toJSON().Resources;
}

function countOf(stack: Stack): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { Type } of Object.values(resourcesOf(stack))) counts[Type] = (counts[Type] ?? 0) + 1;
  return counts;
}

describe('the construct', () => {
  it('holds the resources that our own stacks hold', () => {
    const stack = ownStack();
    new ThreatConsensus(stack, 'Threats', LEAST);

    const { storage, scoring, monitoring } = synthesizeService(siteEnvironment('dev'));
    const types = [storage, scoring, monitoring].flatMap((template) =>
      Object.values(template.toJSON().Resources as Record<string, Resource>).map(({ Type }) => Type),
    );
    const expected: Record<string, number> = {};
    for (const type of types) expected[type] = (expected[type] ?? 0) + 1;
    expect(countOf(stack)).toEqual(expected);
  });

  it('retains data unless it is asked not to', () => {
    const [kept, thrown] = [{}, { removalPolicy: 'destroy' } as const].map((changes) => {
      const stack = ownStack();
      const { table } = new ThreatConsensus(stack, 'Threats', { ...LEAST, ...changes });
      return resourcesOf(stack)[stack.getLogicalId(table.node.defaultChild as never)]?.DeletionPolicy;
    });

    expect([kept, thrown]).toEqual(['RetainExceptOnCreate', 'Delete']);
  });

  it('stands beside another one in the same stack, without a name in common', () => {
    const stack = ownStack();
    const one = new ThreatConsensus(stack, 'North', LEAST);
    new ThreatConsensus(stack, 'South', { ...LEAST, name: 'south' });

    const names = fixedNames(stack);
    expect(names.length).toBeGreaterThan(40);
    expect(new Set(names).size).toBe(names.length);
    expect(one.name).toMatch(/^[a-z][a-z0-9]{0,19}$/);
  });

  it('refuses a name that another one of the stack has', () => {
    const stack = ownStack();
    new ThreatConsensus(stack, 'North', { ...LEAST, name: 'site' });

    expect(() => new ThreatConsensus(stack, 'South', { ...LEAST, name: 'site' })).toThrow(
      'Site/South: name: "site" is that of Site/North already; give each a name of its own',
    );
  });

  it('can be put into a nested stack', () => {
    const nested = new NestedStack(ownStack(), 'Nested');
    new ThreatConsensus(nested, 'Threats', { ...LEAST, customerManagedKey: true });

    Template.fromStack(nested).resourceCountIs('AWS::Lambda::Function', 5);
  });

  it('uses the key, topic and bus that the app has', () => {
    const stack = ownStack();
    const key = new Key(stack, 'Key') as IKey;
    const topicKey = new Key(stack, 'TopicKey');
    const topic = new Topic(stack, 'Topic', { masterKey: topicKey }) as ITopic;
    const bus = new EventBus(stack, 'Bus') as IEventBus;
    const threats = new ThreatConsensus(stack, 'Threats', {
      ...LEAST,
      key,
      alarmTopics: [topic],
      announcementBus: bus,
    });

    const template = Template.fromStack(stack);
    const keyArn = stack.resolve(key.keyArn);
    expect([threats.key, threats.eventBus]).toEqual([key, bus]);
    template.resourceCountIs('AWS::Events::EventBus', 1);
    // The app's two, and the one of the deployment's own topic.
    template.resourceCountIs('AWS::KMS::Key', 3);
    template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: keyArn });
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: keyArn });
    template.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { KMSMasterKeyId: keyArn } });
    const sids = statementsOf(
      template,
      'AWS::KMS::Key',
      'KeyPolicy',
      stack.getLogicalId(key.node.defaultChild as never),
    )
      .map(({ Sid }) => Sid)
      .filter((sid) => sid !== undefined);
    expect(sids).toEqual([
      'UseThroughServices',
      'GrantToTable',
      'Logs',
      'Events',
      'NewLogFilesS3',
      'NewLogFilesSNS',
    ]);
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: Match.arrayWith([stack.resolve(topic.topicArn)]),
    });
    const byService = { Principal: { Service: 'cloudwatch.amazonaws.com' } };
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [stack.resolve(topic.topicArn)],
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: 'sns:Publish', ...byService })]),
      },
    });
    const ofTopicKey = statementsOf(
      template,
      'AWS::KMS::Key',
      'KeyPolicy',
      stack.getLogicalId(topicKey.node.defaultChild as never),
    );
    expect(ofTopicKey).toContainEqual(expect.objectContaining(byService));
  });

  it('puts table and key where the app wants them', () => {
    const app = ownApp();
    const [data, site] = [new Stack(app, 'Data'), new Stack(app, 'Site')];
    const threats = new ThreatConsensus(site, 'Threats', {
      ...LEAST,
      customerManagedKey: true,
      storageScope: data,
      deletionProtection: true,
    });

    const template = Template.fromStack(data);
    template.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true });
    template.resourceCountIs('AWS::KMS::Key', 1);
    Template.fromStack(site).resourceCountIs('AWS::DynamoDB::Table', 0);
    expect(Stack.of(threats.table)).toBe(data);
    expect(JSON.stringify(template.toJSON())).toContain('log-group:Site-*');
  });

  it('gives what an app connects', () => {
    const stack = ownStack();
    const { queue, policies, alarms, variables } = new ThreatConsensus(stack, 'Threats', LEAST);
    const sensor = new Role(stack, 'Sensor', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    queue.grantSendMessages(sensor);
    sensor.addManagedPolicy(policies.producer);

    const template = Template.fromStack(stack);
    const alarmNames = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toHaveLength(alarmNames.length);
    expect(Object.keys(variables).sort()).toEqual(Object.values(VARIABLES).sort());
    expect(stack.resolve(variables.WORK_QUEUE_URL)).toEqual(stack.resolve(queue.queueUrl));
  });

  it.each<[string, object, string]>([
    ['an unknown key', { retention: 1 }, 'Site/Threats: settings: Unrecognized key: "retention"'],
    [
      'a network that is none',
      { homeNetworks: ['192.0.2.0'] },
      'Site/Threats: homeNetworks.0: expected a CIDR block',
    ],
    [
      'a name that is no part of others',
      { name: 'North_1' },
      'expected a name of up to 20 lower-case letters',
    ],
  ])('refuses %s in one line', (_, changes, message) => {
    const embed = () => new ThreatConsensus(ownStack(), 'Threats', { ...LEAST, ...changes });

    expect(embed).toThrow(message);
    expect(embed).not.toThrow('\n');
  });

  it('refuses two keys, and more topics than an alarm has actions for', () => {
    const stack = ownStack();
    const key = new Key(stack, 'Key') as IKey;
    const topics = [1, 2, 3, 4, 5].map((n) => new Topic(stack, `Topic${n}`) as ITopic);
    const embed = (id: string, props: Partial<ThreatConsensusProps>) => () =>
      new ThreatConsensus(stack, id, { ...LEAST, ...props });

    expect(embed('A', { key, customerManagedKey: true })).toThrow(
      'customerManagedKey: expected none beside a key',
    );
    expect(embed('B', { alarmTopics: topics })).toThrow('alarmTopics: expected at most 4 SNS topics');
  });

  it('warns of what leaves a site blind', () => {
    const stack = ownStack();
    new ThreatConsensus(stack, 'Threats', { homeNetworks: [], name: 'site' });
    const warnings = stack.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === 'aws:cdk:warning')
      .map(({ data }) => String(data));

    expect(warnings).toEqual([
      expect.stringContaining('homeNetworks is empty'),
      expect.stringContaining('alarms reach nobody'),
    ]);
  });
});

describe('the settings of the construct', () => {
  it('are typed as they are checked', () => {
    expectTypeOf<Plain<ServiceSettings>>().toEqualTypeOf<Plain<z.input<typeof serviceSchema>>>();
  });
});

/** Ignores readonly, which does not matter here. */
type Plain<T> = T extends readonly (infer Element)[]
  ? readonly Plain<Element>[]
  : T extends object
    ? { readonly [Key in keyof T]: Plain<T[Key]> }
    : T;

function fixedNames(stack: Stack): string[] {
  return Object.values(resourcesOf(stack)).flatMap((resource) => fixedName(resource) ?? []);
}

interface Statement {
  readonly Sid?: string;
}

function statementsOf(template: Template, type: string, property: string, logicalId: string): Statement[] {
  return template.findResources(type)[logicalId]?.Properties[property].Statement;
}
