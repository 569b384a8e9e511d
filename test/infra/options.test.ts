import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EnvironmentInput } from '../../infra/environment-schema.ts';
import { STACK_PARTS } from '../../lib/aws/stack-outputs.ts';
import { readService } from '../../lib/local/template/read-service.ts';
import { DEPLOYED } from '../fixtures/deployed-service.ts';
import {
  type Resource,
  resourcesOfType,
  type Synthesis,
  synthesis,
  synthesizeInto,
  synthesizeSite,
  synthesizeWith,
} from '../fixtures/infra/synthesis.ts';

const ALL = {
  customerManagedKey: true,
  maximumWriteUnits: 500,
  monthlyBudget: { usd: 50, costsOf: 'environment' },
  tracing: true,
  logFormat: 'json',
  reserveRollbackConcurrency: true,
} as const satisfies Partial<EnvironmentInput>;

const plain = synthesis('prod');
const full = synthesizeWith(ALL);

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

function all({ resources }: Synthesis, type: string): [string, Resource][] {
  return STACK_PARTS.flatMap((part) => resourcesOfType(resources[part], type));
}

function theOnly(service: Synthesis, type: string): Resource['Properties'] {
  const [[, resource] = ['', undefined], ...others] = all(service, type);
  expect(others).toEqual([]);
  return resource?.Properties ?? {};
}

/** Permissions of a policy that options add, as `action resource condition`. */
function addedPermissions(service: Synthesis, type: string, prefix: string): string[] {
  const permissionsOf = (each: Synthesis) => {
    const found = all(each, type).filter(([id]) => id.startsWith(prefix));
    expect(found, prefix).toHaveLength(1);
    return found
      .flatMap(([, { Properties }]) => statementsOf(Properties.PolicyDocument))
      .flatMap(permissions);
  };
  const before = new Set(permissionsOf(plain));
  return permissionsOf(service)
    .filter((permission) => !before.has(permission))
    .sort();
}

function statementsOf(document: unknown): readonly Statement[] {
  return (document as { Statement: Statement[] }).Statement;
}

function permissions({ Action, Resource: resource, Condition }: Statement): string[] {
  const where = typeof resource === 'string' ? resource : JSON.stringify(resource);
  return [Action].flat().map((action) => `${action} ${where} ${JSON.stringify(Condition ?? {})}`);
}

const [[keyId, key] = ['', undefined]] = resourcesOfType(full.resources.Storage, 'AWS::KMS::Key');

const VIA = {
  StringEquals: {
    'kms:ViaService': ['dynamodb.eu-central-1.amazonaws.com', 'sqs.eu-central-1.amazonaws.com'],
  },
};
/** Permissions for users of log files through S3. */
const VIA_S3_TOO = {
  StringEquals: {
    'kms:ViaService': [...VIA.StringEquals['kms:ViaService'], 's3.eu-central-1.amazonaws.com'],
  },
};

describe('an environment with all options', () => {
  it('passes the checks of AWS Solutions', () => {
    expect(full.violations).toEqual([]);
    expect(full.warnings).toEqual([]);
  });

  it('runs on the embedded stack as one without them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'options-'));
    const changes = {
      ...ALL,
      account: '111122223333',
      region: 'eu-central-1',
      alarmTargets: ['soc@example.com'],
    };
    synthesizeInto(folder, 'dev', changes);
    const copy = join(mkdtempSync(join(tmpdir(), 'options-')), 'copy');
    cpSync(folder, copy, { recursive: true });

    expect(readService(copy).definition.queues).toEqual(DEPLOYED.definition.queues);
    expect(readService(copy).definition.table).toEqual(DEPLOYED.definition.table);
  });

  it('allows the key where it is used, and traces where they are sent, and nothing more', () => {
    const use = (...actions: string[]) =>
      actions.map((action) => expect.stringMatching(new RegExp(`^${action} .*${keyId}.* ${escaped(VIA)}$`)));
    const trace = ['xray:PutTelemetryRecords * {}', 'xray:PutTraceSegments * {}'];
    const read = ['kms:Decrypt', 'kms:DescribeKey'];

    expect(addedPermissions(full, 'AWS::IAM::Policy', 'ScoreConnections')).toEqual([
      ...use(...read, 'kms:GenerateDataKey'),
      ...trace,
    ]);
    expect(addedPermissions(full, 'AWS::IAM::Policy', 'Rollback')).toEqual([
      ...use('kms:Decrypt', 'kms:GenerateDataKey'),
      ...trace,
    ]);
    const useOfLogFiles = (...actions: string[]) =>
      actions.map((action) =>
        expect.stringMatching(new RegExp(`^${action} .*${keyId}.* ${escaped(VIA_S3_TOO)}$`)),
      );
    expect(addedPermissions(full, 'AWS::IAM::ManagedPolicy', 'PoliciesProducer')).toEqual(
      useOfLogFiles('kms:Decrypt', 'kms:GenerateDataKey'),
    );
    expect(addedPermissions(full, 'AWS::IAM::Policy', 'LogFilesReader')).toEqual([
      ...useOfLogFiles(...read, 'kms:GenerateDataKey'),
      ...trace,
    ]);
    expect(addedPermissions(full, 'AWS::IAM::ManagedPolicy', 'PoliciesAnalyst')).toEqual(use(...read));
    expect(addedPermissions(full, 'AWS::IAM::ManagedPolicy', 'PoliciesOperator')).toEqual(
      use(...read, 'kms:GenerateDataKey'),
    );
  });
});

/** JSON escaped for a regular expression. */
function escaped(value: object): string {
  return JSON.stringify(value).replaceAll(/[[\]{}.]/g, '\\$&');
}

describe('a key of its own', () => {
  it('encrypts the table, every queue and every log group', () => {
    expect(theOnly(full, 'AWS::DynamoDB::Table').SSESpecification).toEqual({
      SSEEnabled: true,
      SSEType: 'KMS',
      KMSMasterKeyId: { 'Fn::GetAtt': [keyId, 'Arn'] },
    });
    const encrypted = [
      ...all(full, 'AWS::SQS::Queue').map(([, { Properties }]) => Properties.KmsMasterKeyId),
      ...all(full, 'AWS::Logs::LogGroup').map(([, { Properties }]) => Properties.KmsKeyId),
    ];
    expect(encrypted).toHaveLength(12);
    for (const each of encrypted) {
      expect(JSON.stringify(each)).toContain(`"StackName":"ThreatConsensus-prod-Storage"`);
      expect(JSON.stringify(each)).toContain(keyId);
    }
  });

  it('is rotated, and stays as long as what it encrypts', () => {
    expect(key?.Properties.EnableKeyRotation).toBe(true);
    expect([key?.DeletionPolicy, key?.UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
  });

  it('is used through services only, and by administrators not at all', () => {
    const statements = statementsOf(key?.Properties.KeyPolicy);

    expect(statements.map(({ Sid }) => Sid)).toEqual([
      'Administration',
      'UseThroughServices',
      'GrantToTable',
      'Logs',
      'Events',
      'NewLogFilesS3',
      'NewLogFilesSNS',
    ]);
    const [administration, use, grant, logs] = statements;
    expect([administration?.Action].flat()).not.toContain('kms:*');
    expect([administration?.Action].flat().join()).not.toMatch(/crypt|DataKey|CreateGrant/);
    expect(use?.Condition).toEqual(VIA_S3_TOO);
    expect(grant).toMatchObject({
      Action: 'kms:CreateGrant',
      Condition: { ...VIA, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    });
    expect(logs?.Condition).toEqual({
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': ['Scoring', 'Monitoring'].map(
          (part) => `arn:aws:logs:eu-central-1:111122223333:log-group:ThreatConsensus-prod-${part}-*`,
        ),
      },
    });
  });

  it('is there only where it is asked for', () => {
    expect(resourcesOfType(plain.resources.Storage, 'AWS::KMS::Key')).toEqual([]);
  });
});

it('a cap of writes is one of the table and of its index', () => {
  const table = theOnly(full, 'AWS::DynamoDB::Table');

  expect(table.OnDemandThroughput).toEqual({ MaxWriteRequestUnits: 500 });
  expect(table.GlobalSecondaryIndexes).toEqual([
    expect.objectContaining({ OnDemandThroughput: { MaxWriteRequestUnits: 500 } }),
  ]);
  expect(theOnly(plain, 'AWS::DynamoDB::Table').OnDemandThroughput).toBeUndefined();
});

describe('a monthly budget', () => {
  const existing = 'arn:aws:sns:eu-central-1:111122223333:soc';
  const budgetOf = (service: Synthesis) =>
    theOnly(service, 'AWS::Budgets::Budget') as {
      Budget: object;
      NotificationsWithSubscribers: { Notification: object; Subscribers: object[] }[];
    };

  it("reports to the topic when most is spent and when too much is expected, by the environment's tag", () => {
    const { Budget, NotificationsWithSubscribers } = budgetOf(full);
    const [topic] = all(full, 'AWS::SNS::Topic').map(([id]) => id);

    expect(Budget).toEqual({
      BudgetType: 'COST',
      TimeUnit: 'MONTHLY',
      BudgetLimit: { Amount: 50, Unit: 'USD' },
      CostFilters: { TagKeyValue: ['user:threat-consensus-environment$prod'] },
    });
    const toTopic = [{ SubscriptionType: 'SNS', Address: { Ref: topic } }];
    expect(NotificationsWithSubscribers).toEqual([
      {
        Notification: expect.objectContaining({ NotificationType: 'ACTUAL', Threshold: 80 }),
        Subscribers: toTopic,
      },
      {
        Notification: expect.objectContaining({ NotificationType: 'FORECASTED', Threshold: 100 }),
        Subscribers: toTopic,
      },
    ]);
    expect(theOnly(full, 'AWS::DynamoDB::Table').Tags).toContainEqual({
      Key: 'threat-consensus-environment',
      Value: 'prod',
    });
  });

  it('may reach an encrypted topic', () => {
    const sids = (document: unknown) =>
      (document as { Statement: Statement[] }).Statement.map(({ Sid }) => Sid);
    const [[, topicKey] = ['', undefined]] = resourcesOfType(full.resources.Monitoring, 'AWS::KMS::Key');

    expect(sids(topicKey?.Properties.KeyPolicy)).toContain('Budgets');
    expect(sids(theOnly(full, 'AWS::SNS::TopicPolicy').PolicyDocument)).toContain('Budgets');
    expect(sids(theOnly(plain, 'AWS::SNS::TopicPolicy').PolicyDocument)).not.toContain('Budgets');
    const [[policyId] = ['']] = all(full, 'AWS::SNS::TopicPolicy');
    const [[, budget] = ['', undefined]] = all(full, 'AWS::Budgets::Budget');
    expect(budget?.DependsOn).toContain(policyId);
  });

  it('counts the whole account, and reports to an existing topic, where that is all there is', () => {
    const monthlyBudget = { usd: 50, costsOf: 'account' } as const;
    const { Budget, NotificationsWithSubscribers } = budgetOf(
      synthesizeWith({ monthlyBudget, alarmTargets: [existing] }),
    );

    expect(Budget).not.toHaveProperty('CostFilters');
    expect(NotificationsWithSubscribers.flatMap(({ Subscribers }) => Subscribers)).toEqual(
      Array(2).fill({ SubscriptionType: 'SNS', Address: existing }),
    );
  });
});

describe('functions', () => {
  const functionsOf = (service: Synthesis) =>
    all(service, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);

  it('trace and log as JSON where that is asked for', () => {
    for (const each of functionsOf(full)) {
      expect(each.TracingConfig).toEqual({ Mode: 'Active' });
      expect(each.LoggingConfig).toMatchObject({ LogFormat: 'JSON', SystemLogLevel: 'WARN' });
    }
    for (const each of functionsOf(plain)) {
      expect(each.TracingConfig).toBeUndefined();
      expect(each.LoggingConfig).toEqual({ LogGroup: expect.anything() });
    }
    expect(functionsOf(full)).toHaveLength(5);
  });

  it.each(['DEBUG', 'INFO', 'WARN', 'ERROR'] as const)(
    'never have Lambda drop metrics, which are lines of level INFO, when they log from %s on',
    (logLevel) => {
      for (const each of functionsOf(synthesizeSite('dev', { logFormat: 'json', logLevel }))) {
        expect(each.LoggingConfig).toMatchObject({
          ApplicationLogLevel: logLevel === 'DEBUG' ? 'DEBUG' : 'INFO',
        });
        expect(each.Environment).toMatchObject({ Variables: { POWERTOOLS_LOG_LEVEL: logLevel } });
      }
    },
  );
});

describe('variables of a function', () => {
  const networks = (count: number) =>
    Array.from({ length: count }, (_, n) => `2001:db8:${n.toString(16)}::/48`);

  it('fit with as many home networks as a site may have', () => {
    expect(() => synthesizeWith({ homeNetworks: networks(100) })).not.toThrow();
  });

  it('are refused in one line where Lambda would refuse them halfway through the deployment', () => {
    const synthesize = () => synthesizeWith({ homeNetworks: networks(200) });

    expect(synthesize).toThrow(
      /^environment "prod": the variables of score-connections take \d+ bytes, and Lambda allows 4096; HOME_NETWORKS alone takes \d+: [^\n]+$/,
    );
  });
});
