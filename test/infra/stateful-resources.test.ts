import { describe, expect, it } from 'vitest';
import type { Environment } from '../../infra/select-environment.ts';
import { ENVIRONMENT_NAMES, siteEnvironment } from '../fixtures/infra/environments.ts';
import { synthesizeService } from '../fixtures/infra/synthesized-service.ts';

const environment = (name: string) => siteEnvironment(name);
const SERVICES = ENVIRONMENT_NAMES.map((name) => ({ name, ...synthesizeService(environment(name)) }));

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** What holds data, by the logical ids that it must keep: with another one, CloudFormation makes a new, empty one. */
const STATEFUL_IDS = {
  storage: { AssessmentsTable6A3F75D9: 'AWS::DynamoDB::Table' },
  scoring: {
    QueuesDeadLetterA4947A69: 'AWS::SQS::Queue',
    QueuesRejected0A91DD53: 'AWS::SQS::Queue',
    QueuesRollbackFailuresC86FEDE1: 'AWS::SQS::Queue',
    QueuesWork4F2460A8: 'AWS::SQS::Queue',
    SettingsParameterE44D0DC0: 'AWS::SSM::Parameter',
  },
} as const;
const STATEFUL_TYPES = new Set(['AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::SSM::Parameter']);

type Part = keyof typeof STATEFUL_IDS;

function statefulResources(service: (typeof SERVICES)[number], part: Part): Record<string, Resource> {
  const { Resources } = service[part].toJSON() as { Resources: Record<string, Resource> };
  return Object.fromEntries(Object.entries(Resources).filter(([, { Type }]) => STATEFUL_TYPES.has(Type)));
}

describe.each(SERVICES)('what holds data in $name', (service) => {
  it.each(Object.keys(STATEFUL_IDS) as Part[])('keeps its logical ids in %s', (part) => {
    const types = Object.entries(statefulResources(service, part)).map(([id, { Type }]) => [id, Type]);

    expect(Object.fromEntries(types)).toEqual(STATEFUL_IDS[part]);
  });

  it('stays when its stack goes, unless the environment may be thrown away', () => {
    const policies = Object.entries({
      ...statefulResources(service, 'storage'),
      ...statefulResources(service, 'scoring'),
    }).map(([id, { DeletionPolicy, UpdateReplacePolicy }]) => [id, DeletionPolicy, UpdateReplacePolicy]);
    const isDisposable = environment(service.name).removalPolicy === 'destroy';

    for (const [id, ...policy] of policies) {
      const expected = isDisposable ? ['Delete', 'Delete'] : ['RetainExceptOnCreate', 'Retain'];
      if (id === 'SettingsParameterE44D0DC0') continue;
      expect([id, ...policy]).toEqual([id, ...expected]);
    }
    expect(policies).toHaveLength(6);
  });

  it('is encrypted, recoverable and, where it must stay, protected from deletion', () => {
    service.storage.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: environment(service.name).protectedStacks.includes('Storage'),
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
    });
    service.scoring.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  });

  it('can be destroyed as a whole only where it may be thrown away', () => {
    expect(
      ['dev', 'staging', 'prod'].filter((name) => environment(name).removalPolicy === 'destroy'),
    ).toEqual(['dev']);
  });
});

describe('the settings parameter', () => {
  const settingsOf = (changed: Environment) => {
    const { Resources } = synthesizeService(changed).scoring.toJSON() as {
      Resources: Record<string, Resource>;
    };
    return JSON.stringify(Resources.SettingsParameterE44D0DC0);
  };

  it('is the same to the byte whatever changes in the environment file', () => {
    const before = environment('prod');
    const after: Environment = {
      name: 'prod',
      homeNetworks: ['198.51.100.0/24', '2001:db8::/32'],
      assessmentRetentionDays: 7,
      logRetentionDays: 365,
      removalPolicy: 'destroy',
      maximumConcurrency: 77,
      memoryMegabytes: 3008,
      account: '999999999999',
      region: 'us-west-2',
      protectedStacks: [],
      alarmTargets: ['security@example.com'],
      runbookUrl: 'https://example.com/README.md',
      logLevel: 'DEBUG',
      logFormat: 'json',
      tracing: true,
      customerManagedKey: true,
      alarms: {
        consensusFailureRate: 0.5,
        uncertaintyRate: 0.5,
        averageScore: { minimum: 0.2, maximum: 0.5 },
        scorerFailureRate: 0.5,
        rejectedShare: 0.5,
        oldestMessageSeconds: 60,
      },
      rollbackOn: ['latency-critical'],
    };
    const unchanged = Object.entries(before).filter(
      ([key, value]) => JSON.stringify(value) === JSON.stringify(after[key as keyof Environment]),
    );
    expect(unchanged.map(([key]) => key)).toEqual(['name']);

    expect(settingsOf(after)).toBe(settingsOf(before));
  });

  it('begins with the legacy score, and carries nothing that could ever change', () => {
    expect(JSON.parse(settingsOf(environment('prod')))).toEqual({
      Type: 'AWS::SSM::Parameter',
      Properties: {
        Name: '/threat-consensus/prod/settings',
        Type: 'String',
        Value:
          '{"mode":"legacy","consensusPercent":0,"minScorers":2,"outlierThreshold":0.3,"uncertaintyThreshold":0.25,' +
          '"maliciousThreshold":0.7,"divergenceThreshold":0.2}',
      },
    });
  });
});
