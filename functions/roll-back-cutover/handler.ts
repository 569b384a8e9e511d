import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import middy from '@middy/core';
import { readAlarmEvent } from '../../lib/cutover/alarm-event.ts';
import { rollBack } from '../../lib/cutover/roll-back.ts';
import { rollbackNotice } from '../../lib/cutover/rollback-notice.ts';
import { readEnvironment } from './environment.ts';

const environment = readEnvironment(process.env);
const logger = new Logger();
const ssm = new SSMClient();
const sns = new SNSClient();

/**
 * Takes the settings back when the rollback alarm goes off, then says so. What fails is thrown: the invocation is
 * repeated, and an alarm watches for those that fail for good.
 */
async function rollBackCutover(event: unknown): Promise<void> {
  const alarm = readAlarmEvent(event);
  const outcome = await rollBack(ssm, environment.SETTINGS_PARAMETER, alarm);
  logger.info('the rollback alarm went off', { alarm, outcome });
  const { SETTINGS_PARAMETER, POWERTOOLS_SERVICE_NAME } = environment;
  const notice = rollbackNotice(POWERTOOLS_SERVICE_NAME, SETTINGS_PARAMETER, alarm, outcome);
  if (notice === undefined) return;
  await sns.send(
    new PublishCommand({
      TopicArn: environment.ALARM_TOPIC_ARN,
      Subject: notice.subject,
      Message: notice.message,
    }),
  );
}

export const handler = middy<unknown, void>().use(injectLambdaContext(logger)).handler(rollBackCutover);
