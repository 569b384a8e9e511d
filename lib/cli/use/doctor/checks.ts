import type { Check } from './check.ts';
import { alarmRehearsal } from './checks/alarm-rehearsal.ts';
import { alarmTargetsCheck } from './checks/alarm-targets.ts';
import { alarmsCheck } from './checks/alarms.ts';
import { clockCheck } from './checks/clock.ts';
import { concurrencyCheck } from './checks/concurrency.ts';
import { eventSourceCheck } from './checks/event-source.ts';
import { expiryCheck } from './checks/expiry.ts';
import { functionCheck } from './checks/function.ts';
import { logBucketCheck } from './checks/log-bucket.ts';
import { logNotificationsCheck } from './checks/log-notifications.ts';
import { logRetentionCheck } from './checks/log-retention.ts';
import { recoveryCheck } from './checks/point-in-time-recovery.ts';
import {
  deadLetterQueueCheck,
  ingestQueueCheck,
  rejectedQueueCheck,
  rollbackFailuresCheck,
  unreadLogFilesCheck,
  workQueueCheck,
} from './checks/queues.ts';
import { recordCheck } from './checks/record.ts';
import { rollbackAlarmCheck } from './checks/rollback-alarm.ts';
import { rollbackRehearsal } from './checks/rollback-rehearsal.ts';
import { settingsCheck } from './checks/settings.ts';
import { stacksCheck } from './checks/stacks.ts';
import { tableCheck } from './checks/table.ts';
import { terminationProtectionCheck } from './checks/termination-protection.ts';

/** All checks, in the order of the report. */
export const CHECKS: readonly Check[] = [
  stacksCheck,
  terminationProtectionCheck,
  tableCheck,
  recoveryCheck,
  expiryCheck,
  functionCheck,
  eventSourceCheck,
  concurrencyCheck,
  logRetentionCheck,
  settingsCheck,
  rollbackAlarmCheck,
  alarmsCheck,
  alarmTargetsCheck,
  workQueueCheck,
  rejectedQueueCheck,
  deadLetterQueueCheck,
  rollbackFailuresCheck,
  logBucketCheck,
  logNotificationsCheck,
  ingestQueueCheck,
  unreadLogFilesCheck,
  recordCheck,
  clockCheck,
  alarmRehearsal,
  rollbackRehearsal,
];
