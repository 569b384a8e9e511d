import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { OUTPUTS } from '../../lib/aws/stack-outputs.ts';
import { writeSharedThresholds } from '../../lib/statistics/readiness-thresholds.ts';
import { METRICS_NAMESPACE } from '../../lib/telemetry/metric-names.ts';
import { DEPLOYED } from '../fixtures/deployed-service.ts';
import { siteEnvironment } from '../fixtures/infra/environments.ts';
import { synthesizeService } from '../fixtures/infra/synthesized-service.ts';

const DAY_SECONDS = 86_400;
const prod = siteEnvironment('prod', { homeNetworks: ['192.0.2.0/24', '2001:db8::/32'] });
const { scoring } = synthesizeService(prod);

describe('the queues', () => {
  it('hide a message for at least six times as long as the function may run', () => {
    const { queues, eventSource, function: handler, consumers, furtherQueues } = DEPLOYED.definition;

    expect(eventSource.queue).toBe(queues.work.name);
    expect(queues.work.visibilityTimeoutSeconds).toBeGreaterThanOrEqual(6 * handler.timeoutSeconds);
    expect(consumers.length).toBeGreaterThan(0);
    for (const consumer of consumers) {
      const queue = furtherQueues.find(({ name }) => name === consumer.eventSource.queue);
      expect(queue?.visibilityTimeoutSeconds).toBeGreaterThanOrEqual(6 * consumer.function.timeoutSeconds);
    }
  });

  it('keep what waits for a human for 14 days, and work for 4', () => {
    const { work, rejected, deadLetter } = DEPLOYED.definition.queues;

    expect(work.retentionSeconds).toBe(4 * DAY_SECONDS);
    expect(rejected.retentionSeconds).toBe(14 * DAY_SECONDS);
    expect(deadLetter.retentionSeconds).toBe(14 * DAY_SECONDS);
  });

  it('give what keeps failing to the dead-letter queue', () => {
    expect(DEPLOYED.definition.queues.work.redrive).toEqual({
      deadLetterQueue: DEPLOYED.definition.queues.deadLetter.name,
      maxReceiveCount: 50,
    });
  });

  it('state that they take a mebibyte, as much as SQS does and as one request holds', () => {
    const queues = Object.values(scoring.findResources('AWS::SQS::Queue'));

    expect(queues.map(({ Properties }) => Properties.MaximumMessageSize)).toEqual(
      queues.map(() => 1_048_576),
    );
    expect(queues).toHaveLength(7);
  });

  it('go on with a message for longer than an hour that the table is away', () => {
    const { visibilityTimeoutSeconds, redrive } = DEPLOYED.definition.queues.work;

    expect(visibilityTimeoutSeconds * (redrive?.maxReceiveCount ?? 0)).toBeGreaterThanOrEqual(2 * 3_600);
  });

  it('take nothing that is not sent over TLS', () => {
    const policies = Object.values(scoring.findResources('AWS::SQS::QueuePolicy'));

    expect(policies).toHaveLength(7);
    scoring.allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'sqs:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            Effect: 'Deny',
            Principal: { AWS: '*' },
          }),
        ]),
      },
    });
  });
});

describe('the function', () => {
  it('runs on the latest Node on ARM, with what the environment says', () => {
    scoring.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: prod.memoryMegabytes,
      Environment: {
        Variables: {
          HOME_NETWORKS: '192.0.2.0/24,2001:db8::/32',
          RETENTION_DAYS: String(prod.assessmentRetentionDays),
          SETTINGS_PARAMETER: '/threat-consensus/prod/settings',
          INITIAL_SETTINGS_PARAMETER: '/threat-consensus/prod/cutover/initial',
          POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
          POWERTOOLS_SERVICE_NAME: 'threat-consensus-prod',
          POWERTOOLS_LOG_LEVEL: prod.logLevel,
          NODE_OPTIONS: '--enable-source-maps',
        },
      },
    });
  });

  it('logs to a group of its own, for as long as the environment says', () => {
    scoring.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: prod.logRetentionDays });
    scoring.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogGroup: { Ref: Match.anyValue() } },
    });
  });

  it('hands back single messages, and reads no faster than the environment allows', () => {
    scoring.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: prod.maximumConcurrency },
    });
  });
});

it('has an output for all that commands look up', () => {
  const { Outputs } = scoring.toJSON() as { Outputs: Record<string, unknown> };

  expect(Object.keys(Outputs)).toEqual(expect.arrayContaining(Object.values(OUTPUTS)));
});

it('states the thresholds of its alarms for what judges readiness', () => {
  scoring.hasOutput(OUTPUTS.readinessThresholds, {
    Value: writeSharedThresholds({
      failureRate: prod.alarms.consensusFailureRate,
      uncertaintyRate: prod.alarms.uncertaintyRate,
      averageScore: prod.alarms.averageScore,
    }),
  });
});
