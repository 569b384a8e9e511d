import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import middy from '@middy/core';
import { readAlarm } from '../../lib/cutover/alarm-reading.ts';
import { type CutoverGuard, guardCutover } from '../../lib/cutover/guard-cutover.ts';
import { readEnvironment } from './environment.ts';

const environment = readEnvironment(process.env);
const logger = new Logger();
/** A service that does not answer must leave time for the others, within the function's 30 seconds. */
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };
const ssm = new SSMClient({ requestHandler });
const sns = new SNSClient({ requestHandler });
const cloudwatch = new CloudWatchClient({ requestHandler, maxAttempts: 2 });

const guard: CutoverGuard = {
  service: environment.POWERTOOLS_SERVICE_NAME,
  client: ssm,
  names: { settings: environment.SETTINGS_PARAMETER, initial: environment.INITIAL_SETTINGS_PARAMETER },
  alarm: environment.ROLLBACK_ALARM,
  readAlarm: () => readAlarm(cloudwatch, environment.ROLLBACK_ALARM),
  publish: async ({ subject, message }) => {
    const sent = await Promise.allSettled(
      environment.ALARM_TOPIC_ARNS.map((TopicArn) =>
        sns.send(new PublishCommand({ TopicArn, Subject: subject, Message: message })),
      ),
    );
    // A failed run is retried, and topics already notified get the notice twice.
    const failed = sent.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  },
};

/**
 * Rolls back the settings while the rollback alarm is on. Failures are thrown: the invocation is retried, and an alarm
 * watches for those that fail permanently.
 */
async function rollBackCutover(event: unknown): Promise<void> {
  const report = await guardCutover(guard, event);
  const { trigger } = report;
  // Their history was deleted with them.
  if (trigger.kind === 'parameter_change' && trigger.change.operation === 'Delete') {
    logger.info('settings were deleted', { ...trigger.change });
  }
  if (report.notice === undefined) logger.debug('nothing to roll back', { report });
  else logger.info(report.notice.subject, { report });
}

export const handler = middy<unknown, void>().use(injectLambdaContext(logger)).handler(rollBackCutover);
