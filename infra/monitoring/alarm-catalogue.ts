import { AT_ONCE, HALF_OF_AN_HOUR, LASTING, MOST_OF_AN_HOUR, type Pace, WITHIN_AN_HOUR } from './pace.ts';

interface AlarmEntry {
  /**
   * The text of the mail: what is wrong and what to do first. The entry of the same name in docs/alarms.md has details.
   */
  readonly description: string;
  readonly pace: Pace;
}

/** Every alarm, by its key, which is the end of its name and its heading in docs/alarms.md. */
export const ALARMS = {
  'consensus-failure-rate': {
    description:
      'The scorers fail to reach a consensus on too many assessments; the legacy score is used instead. ' +
      'Find out which scorer fails (dashboard, "Failures by scorer") and why (votes of `attention --failed`); ' +
      'roll back the last deployment, or set the mode to legacy until it is fixed.',
    pace: LASTING,
  },
  'scorer-failure-rate': {
    description:
      'One scorer fails to vote on too many assessments: verdicts are degraded, since two votes tolerate no ' +
      'fault. Find out which one and why; roll back the last deployment.',
    pace: LASTING,
  },
  'uncertainty-rate': {
    description:
      'The scorers disagree on more assessments than usual. Check `attention --uncertain`: label a new kind of ' +
      'traffic, ' +
      'or fix a faulty source of intelligence.',
    pace: MOST_OF_AN_HOUR,
  },
  'average-score-low': {
    description:
      'The average consensus score is lower than even a site with only cleared addresses would have: scoring is ' +
      'broken. ' +
      'Compare `stats` with the days before; roll back the last deployment.',
    pace: MOST_OF_AN_HOUR,
  },
  'average-score-high': {
    description:
      'The average consensus score is higher than normal traffic has: the site is under attack from known ' +
      'addresses, or ' +
      'scoring is broken. Check `attention --malicious`; if its reasons do not look right, roll back the last deployment.',
    pace: MOST_OF_AN_HOUR,
  },
  'latency-warning': {
    description:
      'More than 1 % of assessments take longer than 100 ms, so the p99 target is missed. Check whether messages ' +
      'grew, ' +
      'look-ups are slow, or memory (and so CPU) is short.',
    pace: LASTING,
  },
  'latency-critical': {
    description:
      'More than 1 % of assessments take longer than 500 ms. Check look-ups first, then message sizes and ' +
      'memory; the queue will grow.',
    pace: LASTING,
  },
  freshness: {
    description:
      'For most of an hour, more than 1 % of the messages took longer than 5 s from sending to stored. Check the ' +
      'age of ' +
      'the oldest message, throttles and maximumConcurrency; then "From sending to stored" on the dashboard.',
    pace: MOST_OF_AN_HOUR,
  },
  'rejected-share': {
    description:
      'More records than usual are invalid; a sensor or producer probably changed its format. `rejected list` shows ' +
      'what is ' +
      'wrong with them, and `rejected redrive` scores them after a fix.',
    pace: LASTING,
  },
  'rejected-records': {
    description:
      'A site with few records has many invalid ones; a sensor or producer probably changed its format. `rejected ' +
      'list` ' +
      'shows what is wrong with them, and `rejected redrive` scores them after a fix.',
    pace: WITHIN_AN_HOUR,
  },
  'messages-failed': {
    description:
      'Many messages go back to the queue and are delivered again. The reasons are in the function log ("messages will be ' +
      'delivered again"); usually the table does not accept writes; see its alarms.',
    pace: LASTING,
  },
  'messages-keep-failing': {
    description:
      'A message was delivered five times or more. If no other alarm is on, the message itself is the problem: see ' +
      'the ' +
      'function log ("messages will be delivered again", or a crash) and fix the cause; it ends in the dead-letter queue.',
    pace: AT_ONCE,
  },
  'metrics-missing': {
    description:
      'The function runs, but its metrics do not arrive: no alarm on its work can go off. Check its log for lines ' +
      'with ' +
      '"_aws", the log group, and the quotas of CloudWatch Logs; roll back the last deployment.',
    pace: HALF_OF_AN_HOUR,
  },
  'nothing-received': {
    description:
      'No message has arrived on the work queue for as many hours as the environment allows. Check the producers: ' +
      'shippers, ' +
      'their credentials, the network.',
    // The environment sets the number of periods.
    pace: { periodMinutes: 60, datapointsToAlarm: 24, evaluationPeriods: 24 },
  },
  defects: {
    description:
      'The code hit a defect. It cost a record, a look-up or a report, but no batch. The log says ' +
      'what ("defects found"); roll back the last deployment, then `rejected redrive` scores the records that were ' +
      'set aside.',
    pace: AT_ONCE,
  },
  'settings-invalid': {
    description:
      'The settings are invalid or cannot be read. The last good settings stay in force; an execution ' +
      'environment that never had any uses the legacy score. Check `cutover`, and the reason in the log.',
    pace: AT_ONCE,
  },
  'virustotal-key-refused': {
    description:
      'VirusTotal rejects the key. It is not asked again until you store another one: `keys set virustotal --env ' +
      '...`. ' +
      'Addresses are scored without it.',
    pace: AT_ONCE,
  },
  'virustotal-failing': {
    description:
      'VirusTotal does not answer, or not as documented, and is not asked for minutes at a time. See its status ' +
      'page. Answers from the last week are used, marked as stale; other addresses are scored without it.',
    pace: LASTING,
  },
  'abuseipdb-key-refused': {
    description:
      'AbuseIPDB rejects the key. It is not asked again until you store another one: `keys set abuseipdb --env ...`. ' +
      'Addresses are scored without it.',
    pace: AT_ONCE,
  },
  'abuseipdb-failing': {
    description:
      'AbuseIPDB does not answer, or not as documented, and is not asked for minutes at a time. See its status ' +
      'page. Answers from the last week are used, marked as stale; other addresses are scored without it.',
    pace: LASTING,
  },
  'intelligence-outdated': {
    description:
      'Keys or lists cannot be refreshed. The last good ones stay in use; an execution environment that never had any ' +
      'scores without them. The log says which and why ("cannot be read").',
    pace: LASTING,
  },
  'feeds-failing': {
    description:
      'A list of addresses cannot be refreshed, or its new content looks wrong. The last good list ' +
      'stays in use until it expires. `intel list` shows which and why; if a list has changed for good, change or ' +
      'switch off its feed.',
    pace: WITHIN_AN_HOUR,
  },
  'feeds-stopped': {
    description:
      'The function that refreshes lists has not run for three hours, so that lists grow old and expire. Look whether the ' +
      'rule of its schedule is enabled and may invoke it; meanwhile `intel refresh` does its work.',
    pace: { periodMinutes: 60, datapointsToAlarm: 3, evaluationPeriods: 3 },
  },
  'log-files-failed': {
    description:
      'Log files could not be read, and wait in a queue for 14 days. `ingest list --state failed` shows which and ' +
      'why; fix ' +
      'the cause, then `ingest retry`.',
    pace: AT_ONCE,
  },
  'log-files-behind': {
    description:
      'Log files wait too long to be read. Check log-reader-crashes first; if it is not on, raise ' +
      'logFiles.maximumConcurrency of the environment.',
    pace: LASTING,
  },
  'log-reader-crashes': {
    description:
      'Reading a log file crashed, timed out or ran out of memory. It is tried again, and set aside after three ' +
      'attempts ' +
      'without progress: `ingest list` shows which, and the log of the function what happened.',
    pace: AT_ONCE,
  },
  'log-entries-skipped': {
    description:
      'Nearly all entries of log files are not connections: the wrong logs are put into the bucket (DNS, alerts). ' +
      '`ingest list` shows which files, and what is in them.',
    pace: LASTING,
  },
  'log-entries-invalid': {
    description:
      'More entries of log files than usual are invalid; a sensor probably changed its format. `ingest list` shows ' +
      'which ' +
      'files, `rejected list` which lines and why.',
    pace: LASTING,
  },
  'dead-letter-queue': {
    description:
      'Messages that kept failing wait in the dead-letter queue, and are lost after 14 days. `dlq list` shows which ' +
      'and why; fix the cause, then `dlq redrive`.',
    pace: AT_ONCE,
  },
  'oldest-message': {
    description:
      'The work queue is behind: its oldest message has waited too long. Check errors and throttles first; ' +
      'if there are none, raise maximumConcurrency of the environment.',
    pace: LASTING,
  },
  'function-errors': {
    description:
      'Many executions crash, time out or run out of memory. The log says which; their messages are delivered again. ' +
      'Roll back the last deployment, or raise memoryMegabytes.',
    pace: LASTING,
  },
  'function-crashes': {
    description:
      'An execution crashed, timed out or ran out of memory. Its log says which; its messages are delivered again. ' +
      'If it recurs every three minutes, ' +
      'a single message causes it: see messages-keep-failing.',
    pace: AT_ONCE,
  },
  'function-throttles': {
    description:
      "Lambda throttles executions: the account's concurrency is used up. Raise that quota, or lower " +
      'maximumConcurrency so that messages wait on the queue instead.',
    pace: LASTING,
  },
  'function-duration': {
    description:
      'Executions come close to their timeout, after which their messages are delivered again. Usually the table or ' +
      'a ' +
      'look-up does not answer: see their alarms.',
    pace: LASTING,
  },
  'table-read-throttles': {
    description:
      'The table throttles reads; the function retries them. This stops as the table scales up; if it ' +
      'does not, lower maximumConcurrency.',
    pace: LASTING,
  },
  'table-write-throttles': {
    description:
      'The table throttles writes; the function retries them. This stops as the table scales up; if it ' +
      'does not, lower maximumConcurrency.',
    pace: LASTING,
  },
  'index-write-throttles': {
    description:
      'The index throttles writes, which delays writes to the table. This stops as the index scales up; ' +
      'if it does not, lower maximumConcurrency.',
    pace: LASTING,
  },
  'table-system-errors': {
    description:
      'DynamoDB calls fail with internal errors; the function retries them. See the AWS Health Dashboard; no data ' +
      'is lost.',
    pace: LASTING,
  },
  'rollback-failed': {
    description:
      'A run of the rollback function failed, was throttled or was dropped: while the rollback alarm is on, the ' +
      'consensus ' +
      'score may still be in use. Check `cutover`; if so, `cutover set legacy`. Then `rollback-failures list` and the ' +
      "function's log; `rollback-failures purge` ends the alarm.",
    pace: AT_ONCE,
  },
  'announcements-waiting': {
    description:
      'Announcements are not sent: the oldest has waited longer than five minutes, or the announcing function does ' +
      'not run. ' +
      'They are kept. See its log ("were not put on the bus", or a crash); they are sent once it is fixed.',
    pace: LASTING,
  },
  'announcement-targets-failing': {
    description:
      'A target of announcements has accepted none for a day, or rejects them; they wait in its queue for 14 days. ' +
      'Find out ' +
      'which one (queues named Undelivered) and why (attributes of the messages), and fix its URL, secret or topic.',
    pace: AT_ONCE,
  },
  'rollback-not-invoked': {
    description:
      'EventBridge could not invoke the rollback function: while the rollback alarm is on, the consensus score may ' +
      'still be in ' +
      'use. Check `cutover`; if so, `cutover set legacy`. Then check the rules, and deploy the Monitoring stack again.',
    pace: AT_ONCE,
  },
} as const satisfies Record<string, AlarmEntry>;

export type AlarmKey = keyof typeof ALARMS;

export const ALARM_KEYS = Object.keys(ALARMS) as AlarmKey[];

/** Alarms that an environment has only on request. */
export const OPTIONAL_ALARMS: ReadonlySet<AlarmKey> = new Set([
  'nothing-received',
  'announcement-targets-failing',
] satisfies AlarmKey[]);
