import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ContinuousBackupsUnavailableException, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  GetAccountSettingsCommand,
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, it } from 'vitest';
import { InterruptedError } from '../../../../../lib/cli/cli-error.ts';
import { AwsClients } from '../../../../../lib/cli/use/doctor/aws-clients.ts';
import type { Check, Examination } from '../../../../../lib/cli/use/doctor/check.ts';
import { CHECKS } from '../../../../../lib/cli/use/doctor/checks.ts';
import { runCheck, unrunFinding } from '../../../../../lib/cli/use/doctor/run-check.ts';
import { PARTS, type Part, type Subject } from '../../../../../lib/cli/use/doctor/subject.ts';

const clients = new AwsClients();
const lambda = mockClient(clients.lambda);
const logs = mockClient(clients.logs);
const sns = mockClient(clients.sns);
const cloudwatch = mockClient(clients.cloudWatch);
const dynamodb = mockClient(clients.dynamodb);

const names = Object.fromEntries(Object.keys(PARTS).map((part) => [part, `the ${part}`])) as Record<
  Part,
  string
>;

const subject: Subject = {
  kind: 'environment',
  environment: 'prod',
  stacks: [],
  names,
  deployedWith: {
    isDataRetained: true,
    logRetentionDays: 90,
    maximumConcurrency: 10,
    isRollbackReserved: false,
    existingLogBuckets: ['site-flow-logs'],
  },
  operatorPolicy: 'arn:aws:iam::123456789012:policy/operator',
};

const examination: Examination = {
  subject,
  clients,
  progress: { step: () => {}, update: () => {} },
  nameOf: (part) => names[part],
  timeoutSeconds: 1,
  rehearsesAlarm: false,
  rehearsesRollback: false,
};

function checkNamed(name: string): Check {
  const found = CHECKS.find((check) => check.name === name);
  if (found === undefined) throw new Error(`there is no check ${name}`);
  return found;
}

beforeEach(() => {
  for (const mocked of [lambda, logs, sns, cloudwatch, dynamodb]) mocked.reset();
});

describe('what only AWS has', () => {
  it('a subscription that nobody confirmed, on a second page', async () => {
    cloudwatch.on(DescribeAlarmsCommand).resolves({});
    sns
      .on(ListSubscriptionsByTopicCommand, { TopicArn: names.alarmTopic })
      .resolvesOnce({ NextToken: 'more', Subscriptions: [{ SubscriptionArn: 'arn:aws:sns:r:1:t:1' }] })
      .resolvesOnce({
        Subscriptions: [
          { SubscriptionArn: 'PendingConfirmation', Protocol: 'email', Endpoint: 'ops@example.org' },
        ],
      });

    expect(await runCheck(checkNamed('alarm targets'), examination)).toMatchObject({
      name: 'alarm targets',
      outcome: 'fail',
      text: expect.stringContaining('ops@example.org'),
    });
  });

  it('the quota of a new account', async () => {
    lambda
      .on(GetAccountSettingsCommand)
      .resolves({ AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 } });

    expect(await runCheck(checkNamed('concurrency'), examination)).toMatchObject({ outcome: 'fail' });
  });

  it('log groups, of which only those with the very names count', async () => {
    const group = (name: string) => ({ logGroupName: name, retentionInDays: 90 });
    logs
      .on(DescribeLogGroupsCommand, { logGroupNamePrefix: names.scoringLogGroup })
      .resolves({
        logGroups: [{ logGroupName: `${names.scoringLogGroup}-old` }, group(names.scoringLogGroup)],
      })
      .on(DescribeLogGroupsCommand, { logGroupNamePrefix: names.rollbackLogGroup })
      .resolves({ logGroups: [group(names.rollbackLogGroup)] });

    expect(await runCheck(checkNamed('log retention'), examination)).toMatchObject({ outcome: 'pass' });
  });

  it('the function', async () => {
    lambda
      .on(GetFunctionConfigurationCommand, { FunctionName: names.scoringFunction })
      .resolves({ State: 'Active', LastUpdateStatus: 'Successful', Runtime: 'nodejs24.x' });

    expect(await runCheck(checkNamed('function'), examination)).toMatchObject({ outcome: 'pass' });
  });

  it('the event source', async () => {
    lambda
      .on(GetEventSourceMappingCommand, { UUID: names.eventSource })
      .resolves({ State: 'Disabled', StateTransitionReason: 'USER_INITIATED' });

    expect(await runCheck(checkNamed('event source'), examination)).toMatchObject({ outcome: 'fail' });
  });
});

function awsError(name: string, message: string, status = 400): Error {
  return Object.assign(new Error(message), {
    name,
    $fault: 'client' as const,
    $metadata: { httpStatusCode: status },
  });
}

describe('a call that fails', () => {
  it.each<[string, Error, string]>([
    [
      'the action that AWS names',
      awsError(
        'AccessDeniedException',
        'User: arn:aws:iam::123456789012:user/me is not authorized to perform: dynamodb:DescribeTable on resource: table',
      ),
      'not permitted: dynamodb:DescribeTable',
    ],
    [
      'the actions of the check, where AWS names none',
      awsError('AccessDenied', 'Access denied', 403),
      'not permitted: dynamodb:DescribeTable',
    ],
  ])('for lack of a permission names %s and the policy', async (_, error, text) => {
    dynamodb.on(DescribeTableCommand).rejects(error);

    expect(await runCheck(checkNamed('table'), examination)).toEqual({
      name: 'table',
      outcome: 'fail',
      text,
      todo: 'attach the policy arn:aws:iam::123456789012:policy/operator to your role or user',
    });
  });

  it.each<[string, Error, RegExp]>([
    [
      'bad credentials',
      awsError('UnrecognizedClientException', 'The security token included in the request is invalid.'),
      /security token/,
    ],
    [
      'a table that is gone',
      awsError('ResourceNotFoundException', 'Requested resource not found'),
      /not found/,
    ],
    ['a defect', new TypeError('x is not a function'), /x is not a function/],
    [
      'something else',
      new ContinuousBackupsUnavailableException({ message: 'not yet', $metadata: {} }),
      /not yet/,
    ],
  ])('for %s is one line', async (_, error, text) => {
    dynamodb.on(DescribeTableCommand).rejects(error);

    const result = await runCheck(checkNamed('table'), examination);

    expect(result).toMatchObject({ outcome: 'fail', text: expect.stringMatching(text) });
    expect(result.text).not.toContain('\n');
    expect(result.todo).not.toMatch(/policy/);
  });

  it('for an interruption ends the examination', async () => {
    const check = { ...checkNamed('table'), run: async () => Promise.reject(new InterruptedError()) };

    await expect(runCheck(check, examination)).rejects.toThrow(InterruptedError);
  });
});

describe('a check is not run', () => {
  const unnamed: Subject = { ...subject, names: {} };

  it.each<[string, string, Pick<Subject, 'kind' | 'names'>, object, object | undefined]>([
    [
      'of what the embedded stack has not',
      'expiry',
      { ...subject, kind: 'embedded' },
      {},
      { outcome: 'skipped', text: 'embedded' },
    ],
    [
      'of stacks where parts are named',
      'stacks',
      { ...subject, kind: 'parts' },
      {},
      { outcome: 'skipped', text: 'unnamed' },
    ],
    ['of what has no name', 'table', unnamed, {}, { outcome: 'skipped', text: 'unnamed' }],
    [
      'that nobody asked for',
      'rollback rehearsal',
      unnamed,
      {},
      { outcome: 'skipped', text: 'unasked', todo: 'give --rehearse-rollback' },
    ],
    [
      'that was asked for, of what has no name',
      'alarm rehearsal',
      unnamed,
      { rehearsesAlarm: true },
      { outcome: 'fail', text: expect.stringContaining('AlarmTopicArn') },
    ],
    ['otherwise: it is', 'expiry', { ...subject, kind: 'parts' }, {}, undefined],
  ])('%s', (_, name, examined, options, finding) => {
    const found = unrunFinding(checkNamed(name), examined, { ...examination, ...options });

    if (finding === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(finding);
  });
});
