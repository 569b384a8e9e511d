/** How long something must last before it counts, and before it is over. */
interface Pace {
  readonly periodMinutes: number;
  /** So many of the latest `evaluationPeriods` must breach. */
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
}

/** For what never happens in ordinary traffic: told at once, and over after a quarter of an hour without it. */
const AT_ONCE: Pace = { periodMinutes: 5, datapointsToAlarm: 1, evaluationPeriods: 3 };
/** For what passes by itself now and then: told when it lasts. */
const LASTING: Pace = { periodMinutes: 5, datapointsToAlarm: 2, evaluationPeriods: 3 };
/** For what depends on who happens to be talking: told when most of an hour looks that way. */
const MOST_OF_AN_HOUR: Pace = { periodMinutes: 15, datapointsToAlarm: 3, evaluationPeriods: 4 };

interface AlarmEntry {
  /** What the mail says: what is wrong and what to do first. The README's entry of the same name says more. */
  readonly description: string;
  readonly pace: Pace;
}

/** Every alarm, by the key that its name ends in and that is its heading in the README. */
export const ALARMS = {
  'consensus-failure-rate': {
    description:
      'The scorers reach no consensus on more assessments than they may; the legacy score stands in. ' +
      'Look which scorer fails (dashboard, "Failures by scorer") and why (votes of `attention --failed`); ' +
      'undo the last deploy, or set the mode to legacy until it is mended.',
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
      'The scorers disagree on more assessments than usual. Look at `attention --uncertain`: a new kind of traffic ' +
      'wants labels, a source of intelligence that went wrong wants mending.',
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
  'rejected-share': {
    description:
      'More records than usual are invalid, so a sensor or producer changed its format. `rejected list` says what is ' +
      'wrong with them and `rejected redrive` scores them after a fix.',
    pace: LASTING,
  },
  'messages-failed': {
    description:
      'Messages keep going back to the queue. The reasons are in the function log ("messages will be delivered ' +
      'again"). One that fails five times by its own fault ends in the dead-letter queue.',
    pace: LASTING,
  },
  defects: {
    description:
      'The code met something that should not happen. It cost a record, a look-up or a report, and no batch. The log says ' +
      'what ("defects showed"); undo the last deploy, then `rejected redrive` scores the records that were put aside.',
    pace: AT_ONCE,
  },
  'settings-invalid': {
    description:
      'The settings parameter is invalid or cannot be read. The last good settings stay in force; an execution ' +
      'environment that never had any goes by the legacy score. Look at the parameter, and at the reason in the log.',
    pace: AT_ONCE,
  },
  'virustotal-key-refused': {
    description:
      'VirusTotal refuses the key. Nothing is asked there until another one is stored: `keys set virustotal --env ...`. ' +
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
      'Keys or blocklists cannot be refreshed. The last good ones stay in use; an execution environment that never had any ' +
      'scores without them. The log says which and why ("cannot be read").',
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
      'The function crashes, times out or runs out of memory. Its log says which; its messages are delivered again. ' +
      'Undo the last deploy, or raise memoryMegabytes.',
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
      'DynamoDB fails writes by a fault of its own; the function repeats them. See the AWS Health Dashboard; nothing ' +
      'is lost meanwhile.',
    pace: LASTING,
  },
  'rollback-failed': {
    description:
      'A run of the rollback function failed, or had to be repeated: while the rollback alarm is on, the consensus ' +
      'score may be in use. Look at `cutover`; if so, `cutover set legacy`. Then look at the log of the function.',
    pace: AT_ONCE,
  },
} as const satisfies Record<string, AlarmEntry>;

export type AlarmKey = keyof typeof ALARMS;

export const ALARM_KEYS = Object.keys(ALARMS) as AlarmKey[];

/** Alarms that may take an environment back: those that the mode `legacy` can end, or that nothing else explains. */
export const ROLLBACK_CAUSES = [
  'consensus-failure-rate',
  'scorer-failure-rate',
  'uncertainty-rate',
  'average-score-low',
  'average-score-high',
  'latency-warning',
  'latency-critical',
  'messages-failed',
  'function-errors',
  'function-duration',
] as const satisfies readonly AlarmKey[];
