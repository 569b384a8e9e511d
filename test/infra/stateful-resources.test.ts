import { describe, expect, it } from 'vitest';
import { readSettings } from '../../lib/cutover/settings.ts';
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

/**
 * Resources that hold data, with their fixed logical ids: with another id, CloudFormation would create a new, empty
 * resource.
 */
const STATEFUL_IDS = {
  storage: { AssessmentsTable6A3F75D9: 'AWS::DynamoDB::Table' },
  scoring: {
    LogFilesOwnBucketA8206790: 'AWS::S3::Bucket',
    LogFilesQueuesDeadLetter5519BEDE: 'AWS::SQS::Queue',
    LogFilesQueuesNotifications7E8BF064: 'AWS::SQS::Queue',
    QueuesAnnouncementsE9BB0F57: 'AWS::SQS::Queue',
    QueuesDeadLetterA4947A69: 'AWS::SQS::Queue',
    QueuesRejected0A91DD53: 'AWS::SQS::Queue',
    QueuesRollbackFailuresC86FEDE1: 'AWS::SQS::Queue',
    QueuesWork4F2460A8: 'AWS::SQS::Queue',
  },
} as const;
const STATEFUL_TYPES = new Set(['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::SQS::Queue']);

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
    const resources = Object.entries({
      ...statefulResources(service, 'storage'),
      ...statefulResources(service, 'scoring'),
    });
    const isDisposable = environment(service.name).removalPolicy === 'destroy';

    for (const [id, { Type, DeletionPolicy, UpdateReplacePolicy }] of resources) {
      // A non-empty bucket cannot be deleted, and neither can its stack.
      const isDeleted = isDisposable && Type !== 'AWS::S3::Bucket';
      const expected = isDeleted ? ['Delete', 'Delete'] : ['RetainExceptOnCreate', 'Retain'];
      expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, ...expected]);
    }
    expect(resources).toHaveLength(9);
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

describe.each(SERVICES)('the settings of $name', ({ name, storage, scoring, monitoring }) => {
  const parameters = [storage, scoring, monitoring].flatMap((template) =>
    Object.values(template.findResources('AWS::SSM::Parameter') as Record<string, Resource>),
  );

  it('that an operator sets stand in no template', () => {
    expect(parameters.map(({ Properties }) => Properties.Name)).toEqual([
      `/threat-consensus/${name}/cutover/initial`,
    ]);
  });

  it('begin with the legacy score, by a parameter like any other resource', () => {
    const [initial] = parameters;

    expect(readSettings(String(initial?.Properties.Value))).toMatchObject({
      ok: true,
      settings: { mode: 'legacy', consensusPercent: 0 },
      unknownKeys: [],
    });
    // Rewriting it is harmless, so it is tagged, and deleted with its stack.
    expect(initial).toMatchObject({
      Properties: { Type: 'String', Tags: { project: 'threat-consensus', environment: name } },
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
  });
});
