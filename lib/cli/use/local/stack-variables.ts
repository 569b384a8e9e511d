import type { LocalStack } from '../../../local/stack.ts';

/** The environment variables by which AWS clients, and this command line, reach an embedded stack. */
export function stackVariables({ environment, names }: LocalStack): Record<string, string> {
  return {
    ...environment,
    WORK_QUEUE_URL: names.workQueueUrl,
    REJECTED_QUEUE_URL: names.rejectedQueueUrl,
    DEAD_LETTER_QUEUE_URL: names.deadLetterQueueUrl,
    SETTINGS_PARAMETER: names.settingsParameter,
    INITIAL_SETTINGS_PARAMETER: names.initialSettingsParameter,
    TABLE_NAME: names.tableName,
    SCORING_FUNCTION: names.scoringFunction,
    EVENT_SOURCE: names.eventSource,
    ...named('ROLLBACK_ALARM', names.rollbackAlarm),
    ...named('ROLLBACK_FUNCTION', names.rollbackFunction),
    ...named('ROLLBACK_RULE', names.rollbackRule),
    ...named('ROLLBACK_FAILURES_QUEUE_URL', names.rollbackFailuresQueueUrl),
    ...named('ALARM_TOPIC_ARN', names.alarmTopic),
    ...named('LOG_BUCKET', names.logBucket),
    ...named('INGEST_QUEUE_URL', names.ingestQueueUrl),
    ...named('INGEST_DEAD_LETTER_QUEUE_URL', names.ingestDeadLetterQueueUrl),
  };
}

function named(variable: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [variable]: value };
}
