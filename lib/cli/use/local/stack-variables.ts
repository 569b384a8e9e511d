import type { LocalStack } from '../../../local/stack.ts';

/** The environment variables with which any AWS client, and this command line, reaches an embedded stack. */
export function stackVariables({ environment, names }: LocalStack): Record<string, string> {
  return {
    ...environment,
    WORK_QUEUE_URL: names.workQueueUrl,
    REJECTED_QUEUE_URL: names.rejectedQueueUrl,
    DEAD_LETTER_QUEUE_URL: names.deadLetterQueueUrl,
    SETTINGS_PARAMETER: names.settingsParameter,
    ...(names.rollbackAlarm !== undefined && { ROLLBACK_ALARM: names.rollbackAlarm }),
    TABLE_NAME: names.tableName,
  };
}
