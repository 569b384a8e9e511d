import { describe, expect, it } from 'vitest';
import { MONITORING_OUTPUTS, OUTPUTS, type StackPart } from '../../../../../lib/aws/stack-outputs.ts';
import type { Finding } from '../../../../../lib/cli/results/doctor.ts';
import { judgeAction } from '../../../../../lib/cli/use/doctor/checks/alarm-rehearsal.ts';
import { judgeClock } from '../../../../../lib/cli/use/doctor/checks/clock.ts';
import { judgeConcurrency } from '../../../../../lib/cli/use/doctor/checks/concurrency.ts';
import { judgeEventSource } from '../../../../../lib/cli/use/doctor/checks/event-source.ts';
import { judgeExpiry } from '../../../../../lib/cli/use/doctor/checks/expiry.ts';
import { judgeFunction } from '../../../../../lib/cli/use/doctor/checks/function.ts';
import { judgeLogNotifications } from '../../../../../lib/cli/use/doctor/checks/log-notifications.ts';
import { judgeLogRetention } from '../../../../../lib/cli/use/doctor/checks/log-retention.ts';
import { judgeRecovery } from '../../../../../lib/cli/use/doctor/checks/point-in-time-recovery.ts';
import { judgeEndQueue } from '../../../../../lib/cli/use/doctor/checks/queues.ts';
import { judgeVerdict } from '../../../../../lib/cli/use/doctor/checks/record.ts';
import { judgeRuns } from '../../../../../lib/cli/use/doctor/checks/rollback-rehearsal.ts';
import { judgeSettings } from '../../../../../lib/cli/use/doctor/checks/settings.ts';
import { judgeStacks } from '../../../../../lib/cli/use/doctor/checks/stacks.ts';
import { judgeTable } from '../../../../../lib/cli/use/doctor/checks/table.ts';
import { judgeTerminationProtection } from '../../../../../lib/cli/use/doctor/checks/termination-protection.ts';
import type { DescribedStack } from '../../../../../lib/cli/use/doctor/subject.ts';
import type { SettingsSource } from '../../../../../lib/cutover/stored-settings.ts';

/** Expected outcome, with parts of the finding and of the advice. */
type Expected = readonly [Finding['outcome'], RegExp, RegExp?];

function expectFinding({ outcome, text, todo }: Finding, [expected, found, advice]: Expected): void {
  expect({ outcome, text }).toEqual({ outcome: expected, text: expect.stringMatching(found) });
  if (advice === undefined) expect(todo).toBeUndefined();
  else expect(todo).toMatch(advice);
}

function stack(part: StackPart, changes: Partial<DescribedStack> = {}): DescribedStack {
  const outputs = {
    Storage: [OUTPUTS.table],
    Scoring: Object.values(OUTPUTS),
    Monitoring: Object.values(MONITORING_OUTPUTS),
  };
  return {
    part,
    name: `ThreatConsensus-prod-${part}`,
    status: 'UPDATE_COMPLETE',
    isProtected: true,
    outputs: new Map(outputs[part].map((output) => [output, 'there'])),
    ...changes,
  };
}

const missing = (part: StackPart): DescribedStack => {
  const { status: _, ...described } = stack(part, { outputs: new Map(), isProtected: false });
  return described;
};

it.each<[string, DescribedStack[], Expected]>([
  ['complete', [stack('Storage'), stack('Scoring'), stack('Monitoring')], ['pass', /^all 3 are complete/]],
  [
    'missing',
    [stack('Storage'), missing('Scoring')],
    ['fail', /not deployed .*: ThreatConsensus-prod-Scoring$/, /npx cdk deploy --all -c env=prod/],
  ],
  [
    'broken',
    [stack('Storage', { status: 'UPDATE_ROLLBACK_FAILED' })],
    ['fail', /ThreatConsensus-prod-Storage is UPDATE_ROLLBACK_FAILED/, /events of the stack/],
  ],
  [
    'of an earlier version',
    [
      stack('Scoring', {
        outputs: new Map([...stack('Scoring').outputs].filter(([key]) => key !== 'EventSource')),
      }),
    ],
    ['fail', /^ThreatConsensus-prod-Scoring has no output EventSource$/, /deploy this version/],
  ],
  [
    'of different tables',
    [stack('Storage', { outputs: new Map([['TableName', 'restored']]) }), stack('Scoring')],
    ['fail', /^Storage has the table restored, but Scoring uses there$/, /-c env=prod --force$/],
  ],
  [
    'in between',
    [stack('Scoring', { status: 'UPDATE_IN_PROGRESS' })],
    ['warn', /UPDATE_IN_PROGRESS/, /wait/],
  ],
  [
    'rolled back',
    [stack('Scoring', { status: 'UPDATE_ROLLBACK_COMPLETE' })],
    ['warn', /UPDATE_ROLLBACK_COMPLETE/, /fix the cause/],
  ],
])('stacks that are %s', (_, stacks, expected) => {
  expectFinding(judgeStacks(stacks, 'prod'), expected);
});

describe('settings', () => {
  const inForce = (value: string, source: SettingsSource = 'operator') => ({
    inForce: { value, source, version: 1, changedAtMs: 0 },
  });

  it.each<[string, Parameters<typeof judgeSettings>[0], Expected]>([
    [
      'that somebody set',
      inForce('{"mode":"consensus"}'),
      ['pass', /^valid, set by an operator or a rollback\. The consensus score/],
    ],
    [
      'that nobody set',
      inForce('{"mode":"legacy"}', 'initial'),
      ['pass', /^valid, the initial ones; no others have been set\. Only the legacy/],
    ],
    [
      'that an earlier stack left',
      { ...inForce('{"mode":"consensus"}'), newerStackMs: Date.UTC(2026, 0, 2) },
      [
        'warn',
        /They were left by an earlier stack: .* 2026-01-02T00:00:00\.000Z$/,
        /cutover reset, or confirm/,
      ],
    ],
    [
      'with a key of another version',
      inForce('{"mode":"legacy","turbo":1}'),
      ['warn', /Ignored: turbo$/, /deploy the version/],
    ],
    ['that are no JSON', inForce('legacy'), ['fail', /^invalid \(set by .*: not JSON/, /cutover set legacy/]],
    [
      'initial ones that are invalid',
      inForce('{"mode":1}', 'initial'),
      ['fail', /^invalid \(the initial/, /set valid ones/],
    ],
  ])('%s', (_, state, expected) => {
    expectFinding(judgeSettings(state), expected);
  });
});

describe('termination protection', () => {
  const deployedWith = {
    isDataRetained: true,
    logRetentionDays: 90,
    maximumConcurrency: 10,
    isRollbackReserved: false,
    existingLogBuckets: [],
  };

  it.each<[string, Parameters<typeof judgeTerminationProtection>[0], Expected]>([
    ['on', { stacks: [stack('Storage'), stack('Scoring')], deployedWith }, ['pass', /for all 2 stacks/]],
    [
      'off for some',
      { stacks: [stack('Storage'), stack('Scoring', { isProtected: false })], deployedWith },
      ['fail', /^off for ThreatConsensus-prod-Scoring$/, /list Scoring in protectedStacks/],
    ],
    [
      'off where data go with the stacks',
      {
        stacks: [stack('Scoring', { isProtected: false })],
        deployedWith: { ...deployedWith, isDataRetained: false },
      },
      ['skipped', /^disposable$/],
    ],
    ['of nothing', { stacks: [missing('Scoring')], deployedWith: undefined }, ['skipped', /^unnamed$/]],
  ])('%s', (_, subject, expected) => {
    expectFinding(judgeTerminationProtection(subject), expected);
  });
});

it.each<[Parameters<typeof judgeTable>[0], boolean, Expected]>([
  [{ TableStatus: 'ACTIVE' }, false, ['pass', /active$/]],
  [{ TableStatus: 'UPDATING', DeletionProtectionEnabled: true }, true, ['pass', /protected from deletion/]],
  [
    { TableStatus: 'ACTIVE' },
    true,
    ['fail', /not protected from deletion/, /list Storage in protectedStacks/],
  ],
  [{ TableStatus: 'DELETING' }, false, ['fail', /DELETING/, /restore/]],
  [
    { TableStatus: 'ACTIVE', GlobalSecondaryIndexes: [{ IndexName: 'by-time', IndexStatus: 'CREATING' }] },
    false,
    ['warn', /the index by-time is CREATING/, /wait/],
  ],
])('a table that is %j, retained: %s', (table, isRetained, expected) => {
  expectFinding(judgeTable(table, isRetained), expected);
});

it.each<[Parameters<typeof judgeRecovery>[0], Expected]>([
  [
    {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
    },
    ['pass', /35 days/],
  ],
  [
    {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    },
    ['fail', /^off/, /update-continuous-backups --table-name t /],
  ],
  [undefined, ['fail', /^off/, /update-continuous-backups/]],
])('recovery of %j', (backups, expected) => {
  expectFinding(judgeRecovery(backups, 't'), expected);
});

it.each<[Parameters<typeof judgeExpiry>[0], Expected]>([
  [{ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires_at' }, ['pass', /expires_at/]],
  [
    { TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' },
    ['fail', /after ttl, not expires_at/, /update-time-to-live/],
  ],
  [{ TimeToLiveStatus: 'DISABLED' }, ['fail', /nothing is ever deleted/, /AttributeName=expires_at/]],
])('expiry of %j', (expiry, expected) => {
  expectFinding(judgeExpiry(expiry, 't'), expected);
});

it.each<[Parameters<typeof judgeFunction>[0], Expected]>([
  [
    { State: 'Active', LastUpdateStatus: 'Successful', Runtime: 'nodejs24.x' },
    ['pass', /active, on nodejs24.x/],
  ],
  [{ State: 'Inactive', LastUpdateStatus: 'Successful', Runtime: 'nodejs24.x' }, ['pass', /inactive/]],
  [{ State: 'Active', LastUpdateStatus: 'InProgress' }, ['warn', /updated/, /check again/]],
  [{ State: 'Failed', StateReason: 'no role' }, ['fail', /no role/, /deploy again/]],
  [
    { State: 'Active', LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'no key' },
    ['fail', /last update failed.*no key/, /deploy again/],
  ],
])('a function that is %j', (configuration, expected) => {
  expectFinding(judgeFunction(configuration), expected);
});

it.each<[Parameters<typeof judgeEventSource>[0], Expected]>([
  [{ State: 'Enabled' }, ['pass', /^enabled$/]],
  [{ State: 'Enabled', LastProcessingResult: 'OK' }, ['pass', /last result: OK/]],
  [{ State: 'Updating' }, ['warn', /updating/, /check again/]],
  [
    { UUID: 'u', State: 'Disabled', StateTransitionReason: 'USER_INITIATED' },
    ['fail', /disabled \(USER_INITIATED\): nothing reads the work queue/, /--uuid u --enabled$/],
  ],
  [
    { State: 'Enabled', LastProcessingResult: 'PROBLEM: access denied' },
    ['fail', /PROBLEM: access denied/, /its role/],
  ],
])('an event source that is %j', (mapping, expected) => {
  expectFinding(judgeEventSource(mapping), expected);
});

it.each<[number, number, number, Expected]>([
  [1_000, 1_000, 10, ['pass', /11 are configured/]],
  [10, 10, 9, ['pass', /10 executions/]],
  [10, 10, 10, ['fail', /10 executions.*11 are configured/, /L-B99A9384.*maximumConcurrency/]],
  [1_000, 5, 10, ['fail', /5 of them not reserved/, /lower maximumConcurrency/]],
])(
  'a quota of %d, %d not reserved, with %d configured',
  (quota, unreserved, maximumConcurrency, expected) => {
    const limit = { ConcurrentExecutions: quota, UnreservedConcurrentExecutions: unreserved };
    expectFinding(judgeConcurrency(limit, { maximumConcurrency, isRollbackReserved: false }), expected);
  },
);

it('the rollback takes nothing from the quota where executions are reserved for it', () => {
  const limit = { ConcurrentExecutions: 20, UnreservedConcurrentExecutions: 10 };
  expectFinding(judgeConcurrency(limit, { maximumConcurrency: 10, isRollbackReserved: true }), [
    'pass',
    /10 are configured/,
  ]);
});

it.each<[Parameters<typeof judgeLogRetention>[1], Expected]>([
  [
    [
      { logGroupName: 'a', retentionInDays: 90 },
      { logGroupName: 'b', retentionInDays: 90 },
    ],
    ['pass', /90 days/],
  ],
  [
    [{ logGroupName: 'a' }, { logGroupName: 'b', retentionInDays: 7 }],
    [
      'fail',
      /expected 90 days, but a keeps logs forever, b keeps them for 7/,
      /put-retention-policy --log-group-name a --retention-in-days 90;/,
    ],
  ],
  [
    [{ logGroupName: 'a', retentionInDays: 90 }, undefined],
    ['fail', /no log group b/, /deploy again/],
  ],
])('log groups %j', (groups, expected) => {
  expectFinding(judgeLogRetention(['a', 'b'], groups, 90), expected);
});

it.each<[number, Expected]>([
  [0, ['pass', /^empty$/]],
  [1, ['warn', /^1 message waiting/, /dlq list .*dlq redrive/]],
])('a queue with %d messages', (waiting, expected) => {
  expectFinding(judgeEndQueue(waiting, 'dlq', 'redrive'), expected);
});

describe('notifications of new log files', () => {
  const queue = 'ingest';
  const QueueArn = 'arn:aws:sqs:eu-central-1:123456789012:ingest';
  const reporting = { QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*' as const] }] };
  type Configurations = Parameters<typeof judgeLogNotifications>[0];

  it.each<[string, Configurations['own'][1], Configurations['existing'], Expected]>([
    ['of the own bucket', reporting, [], ['pass', /^1 bucket reports/]],
    [
      'of others, each in its way',
      reporting,
      [
        ['flows', { EventBridgeConfiguration: {} }],
        ['zeek', { TopicConfigurations: [{ TopicArn: 'any', Events: ['s3:ObjectCreated:Put'] }] }],
      ],
      ['pass', /^3 buckets report/],
    ],
    ['that somebody removed', {}, [], ['fail', /own does not notify/, /s3:ObjectCreated:\*/]],
    [
      'to another queue',
      { QueueConfigurations: [{ QueueArn: `${QueueArn}-2`, Events: ['s3:ObjectCreated:*'] }] },
      [],
      ['fail', /own does not notify/, /threat-consensus put/],
    ],
    [
      'of what is removed alone',
      { QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectRemoved:*'] }] },
      [],
      ['fail', /own does not notify/, /put/],
    ],
    [
      'of some only',
      reporting,
      [
        ['flows', { EventBridgeConfiguration: {} }],
        ['zeek', { TopicConfigurations: [{ TopicArn: 'any', Events: ['s3:ObjectRemoved:*'] }] }],
      ],
      ['fail', /^zeek: new files are not reported/, /EventBridge/],
    ],
  ])('%s', (_, own, existing, expected) => {
    expectFinding(judgeLogNotifications({ queue, own: ['own', own], existing }), expected);
  });
});

it.each<[number, Expected]>([
  [0, ['pass', /within 30 s/]],
  [-29_000, ['pass', /within 30 s/]],
  [31_000, ['warn', /31 s ahead of AWS/, /time server/]],
  [-301_000, ['fail', /301 s behind AWS: signatures are refused/, /time server/]],
])('a clock that is %d ms ahead', (differenceMs, expected) => {
  expectFinding(judgeClock(differenceMs), expected);
});

describe('a verdict', () => {
  type Read = Parameters<typeof judgeVerdict>[0];
  type Changes = Record<string, unknown>;
  const read = (assessment: Changes, mode: 'legacy' | 'parallel' | 'consensus'): Read =>
    ({
      address: '192.0.2.7',
      assessment: {
        threat_score: 0.06,
        scored_by: 'consensus',
        method: 'median',
        failures: {},
        ...assessment,
      },
      settings: { mode, consensusPercent: 0, version: 1, maliciousThreshold: 0.7 },
    }) as unknown as Read;

  it.each<[string, Read, Expected]>([
    ['by the consensus', read({}, 'consensus'), ['pass', /192.0.2.7 scored 0.060 by consensus after 1.5 s/]],
    [
      'by the legacy score, as set',
      read({ scored_by: 'legacy', method: 'none' }, 'legacy'),
      ['pass', /by legacy/],
    ],
    [
      'by the legacy score, where there is no consensus',
      read({ scored_by: 'legacy', method: 'failed' }, 'consensus'),
      ['fail', /no consensus/, /attention --failed/],
    ],
    [
      'of scorers that were not asked',
      read({ scored_by: 'legacy', method: 'none' }, 'parallel'),
      ['fail', /no consensus/, /attention --failed/],
    ],
    ['by nobody', read({ scored_by: 'fallback', method: 'none' }, 'legacy'), ['fail', /no consensus/, /log/]],
    [
      'by two scorers',
      read({ failures: { ml_based: 'x' } }, 'consensus'),
      ['warn', /without ml_based/, /log/],
    ],
  ])('%s', (_, verdict, expected) => {
    expectFinding(judgeVerdict(verdict, 1.54), expected);
  });
});

it.each<[string | undefined, Expected]>([
  [
    'Successfully executed action arn:aws:sns:r:1:topic',
    ['pass', /topic was notified/, /subscribers received it/],
  ],
  [
    'Failed to execute action arn:aws:sns:r:1:topic. No access to the key',
    ['fail', /No access to the key/, /policies/],
  ],
  [undefined, ['fail', /nothing within 9 s/, /enable its actions/]],
])('an alarm that did %s', (summary, expected) => {
  expectFinding(judgeAction('alarm', 'arn:aws:sns:r:1:topic', summary, 9), expected);
});

it.each<[Parameters<typeof judgeRuns>[1], Expected]>([
  [{ events: 1, runs: 1, errors: 0 }, ['pass', /the rollback function ran/]],
  [{ events: 1, runs: 3, errors: 1 }, ['fail', /failed$/, /rollback-failures list/]],
  [undefined, ['fail', /did not run within 9 s/, /rule's target/]],
])('a rollback of which %j is known', (runs, expected) => {
  expectFinding(judgeRuns('a set off b', runs, 9), expected);
});
