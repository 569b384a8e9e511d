import { AT_ONCE, HALF_OF_AN_HOUR, LASTING, MOST_OF_AN_HOUR, type Pace, WITHIN_AN_HOUR } from './pace.ts';

interface AlarmEntry {
  /** What the mail says: what is wrong and what to do first. The entry of the same name in docs/alarms.md says more. */
  readonly description: string;
  readonly pace: Pace;
}

/** Every alarm, by the key that its name ends in and that is its heading in docs/alarms.md. */
export const ALARMS = {
  'consensus-failure-rate': {
    description:
      'The scorers reach no consensus on more assessments than they may; the legacy score stands in. ' +
      'Look which scorer fails (dashboard, "Failures by scorer") and why (votes of `attention --failed`); ' +
      'undo the last deploy, or set the mode to legacy until it is fixed.',
    pace: LASTING,
  },
  'scorer-failure-rate': {
    description:
      'One scorer fails to vote on more assessments than it may: verdicts are degraded, since two votes tolerate no ' +
      'fault. Look which one and why; undo the last deploy.',
    pace: LASTING,
  },
  'uncertainty-rate': {
    description:
      'The scorers disagree on more assessments than usual. Look at `attention --uncertain`: label a new kind of traffic, ' +
      'or fix a source of intelligence that went wrong.',
    pace: MOST_OF_AN_HOUR,
  },
  'average-score-low': {
    description:
      'The average consensus score lies below what even a site with nothing but cleared addresses has: scoring went ' +
      'flat. Compare `stats` with the days before; undo the last deploy.',
    pace: MOST_OF_AN_HOUR,
  },
  'average-score-high': {
    description:
      'The average consensus score lies above what traffic has: the site is under attack from known addresses, or ' +
      'scoring went wild. Look at `attention --malicious`; if its reasons do not convince, undo the last deploy.',
    pace: MOST_OF_AN_HOUR,
  },
  'latency-warning': {
    description:
      'More than 1 % of assessments take longer than 100 ms, so p99 breaks the promise. Look whether messages grew, ' +
      'look-ups are slow, or memory (and so CPU) is short.',
    pace: LASTING,
  },
  'latency-critical': {
    description:
      'More than 1 % of assessments take longer than 500 ms. Look at look-ups first, then at message sizes and ' +
      'memory; the queue will grow.',
    pace: LASTING,
  },
  freshness: {
    description:
      'More than 1 % of the messages are stored later than 5 s after they were sent, most of an hour. Look at the age of the ' +
      'oldest message, throttles and maximumConcurrency; then at "From sending to stored" on the dashboard.',
    pace: MOST_OF_AN_HOUR,
  },
  'rejected-share': {
    description:
      'More records than usual are invalid, so a sensor or producer changed its format. `rejected list` says what is ' +
      'wrong with them and `rejected redrive` scores them after a fix.',
    pace: LASTING,
  },
  'rejected-records': {
    description:
      'A site with few records has many invalid ones, so a sensor or producer changed its format. `rejected list` says ' +
      'what is wrong with them and `rejected redrive` scores them after a fix.',
    pace: WITHIN_AN_HOUR,
  },
  'messages-failed': {
    description:
      'Many messages go back to the queue and are delivered again. The reasons are in the function log ("messages will be ' +
      'delivered again"); mostly the table does not take writes, see the alarms on it.',
    pace: LASTING,
  },
  'messages-keep-failing': {
    description:
      'A message was delivered five times or more. Where no other alarm is on, it fails by itself: see the function log ' +
      '("messages will be delivered again", or a crash) and fix the cause; it ends in the dead-letter queue.',
    pace: AT_ONCE,
  },
  'metrics-missing': {
    description:
      'The function runs, and its metrics do not arrive: no alarm on its work can go off. Look at its log for lines with ' +
      '"_aws", at the log group, and at the quotas of CloudWatch Logs; undo the last deploy.',
    pace: HALF_OF_AN_HOUR,
  },
  'nothing-received': {
    description:
      'No message has come to the work queue for as many hours as the environment allows. Look at the producers: shippers, ' +
      'their credentials, the network between.',
    // As many periods as the environment says.
    pace: { periodMinutes: 60, datapointsToAlarm: 24, evaluationPeriods: 24 },
  },
  defects: {
    description:
      'The code met something that should not happen. It cost a record, a look-up or a report, and no batch. The log says ' +
      'what ("defects found"); undo the last deploy, then `rejected redrive` scores the records that were put aside.',
    pace: AT_ONCE,
  },
  'settings-invalid': {
    description:
      'The settings are invalid or cannot be read. The last good settings stay in force; an execution ' +
      'environment that never had any uses the legacy score. Look at `cutover`, and at the reason in the log.',
    pace: AT_ONCE,
  },
  'virustotal-key-refused': {
    description:
      'VirusTotal rejects the key. Nothing is asked there until another one is stored: `keys set virustotal --env ' +
      '...`. ' +
      'Addresses are scored by what else is known.',
    pace: AT_ONCE,
  },
  'virustotal-failing': {
    description:
      'VirusTotal does not answer, or not with what it documents, and is left alone for minutes at a time. See its status ' +
      'page. Answers of the last week stand in, marked as stale; other addresses are scored without it.',
    pace: LASTING,
  },
  'abuseipdb-key-refused': {
    description:
      'AbuseIPDB refuses the key. Nothing is asked there until another one is stored: `keys set abuseipdb --env ...`. ' +
      'Addresses are scored by what else is known.',
    pace: AT_ONCE,
  },
  'abuseipdb-failing': {
    description:
      'AbuseIPDB does not answer, or not with what it documents, and is left alone for minutes at a time. See its status ' +
      'page. Answers of the last week stand in, marked as stale; other addresses are scored without it.',
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
      'A list of addresses cannot be refreshed, or what its publisher sends is not to be believed. The last good list ' +
      'stays in use until it expires. `intel list` says which and why; where a list has changed for good, change or ' +
      'switch off its feed.',
    pace: WITHIN_AN_HOUR,
  },
  'log-files-failed': {
    description:
      'Log files could not be read, and wait in a queue for 14 days. `ingest list --state failed` says which and why; fix ' +
      'the cause, then `ingest retry`.',
    pace: AT_ONCE,
  },
  'log-files-behind': {
    description:
      'Log files wait longer than they may to be read. Look for log-reader-crashes first; if there are none, raise ' +
      'logFiles.maximumConcurrency in infra/environments.ts.',
    pace: LASTING,
  },
  'log-reader-crashes': {
    description:
      'Reading a log file crashed, timed out or ran out of memory. It is tried again, and put aside after three times ' +
      'without progress: `ingest list` says which, the log of the function what happened.',
    pace: AT_ONCE,
  },
  'log-entries-skipped': {
    description:
      'Nearly all that log files hold is no connections: somebody puts the wrong logs into the bucket (DNS, alerts). ' +
      '`ingest list` says which files, and what is in them.',
    pace: LASTING,
  },
  'log-entries-invalid': {
    description:
      'More entries of log files than usual are invalid, so a sensor changed its format. `ingest list` says in which ' +
      'files, `rejected list` which lines and why.',
    pace: LASTING,
  },
  'dead-letter-queue': {
    description:
      'Messages that kept failing wait in the dead-letter queue, and are lost after 14 days. `dlq list` says which ' +
      'and why; fix the cause, then `dlq redrive`.',
    pace: AT_ONCE,
  },
  'oldest-message': {
    description:
      'The work queue is behind: its oldest message waits longer than it may. Look for errors and throttles first; ' +
      'if there are none, raise maximumConcurrency in infra/environments.ts.',
    pace: LASTING,
  },
  'function-errors': {
    description:
      'Many executions crash, time out or run out of memory. The log says which; their messages are delivered again. ' +
      'Undo the last deploy, or raise memoryMegabytes.',
    pace: LASTING,
  },
  'function-crashes': {
    description:
      'An execution crashed, timed out or ran out of memory. Its log says which; its messages are delivered again. If it ' +
      'comes back every three minutes, one message does it: see messages-keep-failing.',
    pace: AT_ONCE,
  },
  'function-throttles': {
    description:
      "Lambda turns executions away: the account's concurrency is used up. Raise that quota, or lower " +
      'maximumConcurrency so that the queue waits instead.',
    pace: LASTING,
  },
  'function-duration': {
    description:
      'Executions come near their time limit, after which their messages are delivered again. Mostly the table or a ' +
      'look-up does not answer: see the alarms on them.',
    pace: LASTING,
  },
  'table-read-throttles': {
    description:
      'The table turns reads away; the function repeats them. It passes as the table grows into its load; if it ' +
      'stays, lower maximumConcurrency.',
    pace: LASTING,
  },
  'table-write-throttles': {
    description:
      'The table turns writes away; the function repeats them. It passes as the table grows into its load; if it ' +
      'stays, lower maximumConcurrency.',
    pace: LASTING,
  },
  'index-write-throttles': {
    description:
      'The index turns writes away, which holds up writes to the table. It passes as the index grows into its load; ' +
      'if it stays, lower maximumConcurrency.',
    pace: LASTING,
  },
  'table-system-errors': {
    description:
      'DynamoDB fails calls by a fault of its own; the function repeats them. See the AWS Health Dashboard; nothing ' +
      'is lost meanwhile.',
    pace: LASTING,
  },
  'rollback-failed': {
    description:
      'A run of the rollback function failed, was turned away or given up: while the rollback alarm is on, the consensus ' +
      'score may be in use. Look at `cutover`; if so, `cutover set legacy`. Then `rollback-failures list` and the ' +
      "function's log; `rollback-failures purge` ends the alarm.",
    pace: AT_ONCE,
  },
  'announcements-waiting': {
    description:
      'Announcements are not sent: the oldest waits longer than five minutes, or nobody looks. They are kept. See the log ' +
      'of the announcing function ("were not put on the bus", or a crash); they are sent once it is fixed.',
    pace: LASTING,
  },
  'announcement-targets-failing': {
    description:
      'A target of announcements took none for a day, or refuses them; they wait in its queue for 14 days. Look which one ' +
      '(queues named Undelivered) and why (attributes of the messages), and fix its URL, secret or topic.',
    pace: AT_ONCE,
  },
  'rollback-not-invoked': {
    description:
      'EventBridge could not invoke the rollback function: while the rollback alarm is on, the consensus score may be in ' +
      'use. Look at `cutover`; if so, `cutover set legacy`. Then look at the rules, and deploy the Monitoring stack again.',
    pace: AT_ONCE,
  },
} as const satisfies Record<string, AlarmEntry>;

export type AlarmKey = keyof typeof ALARMS;

export const ALARM_KEYS = Object.keys(ALARMS) as AlarmKey[];

/** Those that an environment has only where it asks for them. */
export const OPTIONAL_ALARMS: ReadonlySet<AlarmKey> = new Set([
  'nothing-received',
  'announcement-targets-failing',
] satisfies AlarmKey[]);
