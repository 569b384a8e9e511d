import { effectivePercent } from '../../../../cutover/canary.ts';
import { cutoverText } from '../../../../cutover/plan-change.ts';
import { mayUseConsensus } from '../../../../cutover/plan-rollback.ts';
import { readSettings } from '../../../../cutover/settings.ts';
import type { Finding } from '../../../results/doctor.ts';
import { type DescribedAlarm, describeAlarms } from '../alarms.ts';
import type { Check, Examination } from '../check.ts';
import { fail, pass } from '../findings.ts';
import { type RollbackRuns, rollbackRuns } from '../rollback-runs.ts';
import { settingsInForce } from '../settings-in-force.ts';
import { waitFor } from '../wait-for.ts';
import { withAlarmOn } from '../with-alarm-on.ts';

/**
 * Sets off a cause of the rollback alarm, and checks that the settings go back or, if no consensus score is in use,
 * that the rollback function ran.
 */
export const rollbackRehearsal: Check = {
  name: 'rollback rehearsal',
  parts: [
    'rollbackAlarm',
    'settingsParameter',
    'initialSettingsParameter',
    'rollbackFunction',
    'rollbackRule',
  ],
  actions: [
    'cloudwatch:DescribeAlarms',
    'cloudwatch:SetAlarmState',
    'cloudwatch:GetMetricData',
    'ssm:GetParameters',
  ],
  request: { option: '--rehearse-rollback', isMade: ({ rehearsesRollback }) => rehearsesRollback },
  run: async (examination) => {
    const { clients, nameOf, subject } = examination;
    const name = nameOf('rollbackAlarm');
    const alarms = await describeAlarms(clients.cloudWatch, name);
    const chosen = chooseCause(name, alarms);
    if ('outcome' in chosen) return chosen;
    const readValue = await settingsInForce(subject);
    const before = await readValue();
    const startedAtMs = Date.now();
    return await withAlarmOn(clients.cloudWatch, chosen, async (setOffAgain) => {
      if (!(await hasFollowed(examination, name))) return notFollowed(chosen.name, name);
      const what = `${chosen.name} set off ${name}`;
      // The rollback checks whether the alarm is still on, and may run after CloudWatch's next evaluation.
      const keepOn = async () => {
        if (!(await isOn(examination, name))) await setOffAgain();
      };
      return mayUseConsensus(before)
        ? await watchSettings({ examination, keepOn, readValue, before, what })
        : await watchFunction(examination, startedAtMs, what);
    });
  },
};

/**
 * Chooses an alarm that triggers the rollback alarm while all others stay as they are. The rollback alarm itself is
 * composite and can't be set by hand.
 */
export function chooseCause(name: string, alarms: readonly DescribedAlarm[]): DescribedAlarm | Finding {
  const rollback = alarms.find((alarm) => alarm.name === name);
  if (rollback?.rule === undefined) {
    return fail(`there is no composite alarm ${name}`, 'deploy the Monitoring stack');
  }
  if (rollback.state === 'ALARM') {
    return fail(
      `${name} is already on: there is nothing to rehearse`,
      'fix the cause, and try again when it is OK',
    );
  }
  const { rule } = rollback;
  const states = new Map(alarms.map((alarm) => [alarm.name, alarm.state]));
  const cause = alarms.find(
    (alarm) =>
      alarm.rule === undefined &&
      alarm.state !== 'ALARM' &&
      rule.isMet((each) => (each === alarm.name ? 'ALARM' : (states.get(each) ?? 'OK'))),
  );
  return cause ?? fail(`no single alarm sets off ${name}`, `see its rule: ${rule.text}`);
}

async function isOn({ clients }: Examination, name: string): Promise<boolean> {
  const alarms = await describeAlarms(clients.cloudWatch, name);
  return alarms.some((alarm) => alarm.name === name && alarm.state === 'ALARM');
}

async function hasFollowed(examination: Examination, name: string): Promise<boolean> {
  const { timeoutSeconds: seconds, progress } = examination;
  const followed = await waitFor(async () => (await isOn(examination, name)) || undefined, {
    seconds,
    label: 'waiting for the alarm',
    progress,
  });
  return followed === true;
}

function notFollowed(cause: string, name: string): Finding {
  return fail(
    `${cause} was set off, and ${name} did not follow`,
    "CloudWatch may have evaluated the alarm in between: try again; otherwise compare the alarm's rule with the template's (npx cdk diff)",
  );
}

const SEE_FUNCTION =
  "see the log of the rollback function and `threat-consensus rollback-failures list`; compare the rule's target with the template's (npx cdk diff)";

/** CloudWatch allows nine DescribeAlarms calls a second per account. */
const ALARM_POLL_MS = 2_000;

interface WatchedSettings {
  readonly examination: Examination;
  /** Sets the alarm again if CloudWatch has cleared it. */
  readonly keepOn: () => Promise<void>;
  readonly readValue: () => Promise<string>;
  readonly before: string;
  readonly what: string;
}

async function watchSettings({
  examination: { subject, timeoutSeconds: seconds, progress },
  keepOn,
  readValue,
  before,
  what,
}: WatchedSettings): Promise<Finding> {
  const startedAt = performance.now();
  const after = await waitFor(
    async () => {
      const value = await readValue();
      if (!mayUseConsensus(value)) return value;
      await keepOn();
      return undefined;
    },
    {
      seconds,
      label: 'waiting for the rollback',
      progress,
      ...(subject.kind !== 'embedded' && { pollMs: ALARM_POLL_MS }),
    },
  );
  if (after === undefined) {
    return fail(`${what}, but the settings are not back at legacy after ${seconds} s`, SEE_FUNCTION);
  }
  const took = ((performance.now() - startedAt) / 1_000).toFixed(1);
  return {
    ...pass(`${what}, which rolled the settings back from ${textOf(before)} to legacy in ${took} s`),
    todo: `they stay at legacy; to restore them: ${waysBack(before, subject.environment).join(', then ')}`,
  };
}

function textOf(value: string): string {
  const read = readSettings(value);
  return read.ok ? cutoverText(read.settings) : 'invalid ones';
}

/** Commands that restore the settings after the rollback. `consensus` can only be reached through `parallel`. */
export function waysBack(before: string, environment: string | undefined): string[] {
  const read = readSettings(before);
  if (!read.ok) return ['threat-consensus cutover set parallel'];
  const { mode } = read.settings;
  const target = environment === undefined ? '' : ` --env ${environment}`;
  const percent = effectivePercent(read.settings);
  const parallel = `threat-consensus cutover set parallel --percent ${percent}${target}`;
  return mode === 'consensus' ? [parallel, `threat-consensus cutover set consensus${target}`] : [parallel];
}

/** CloudWatch shows a function's metrics a minute or two later. */
const METRICS_SECONDS = 300;
const METRICS_POLL_MS = 5_000;

async function watchFunction(
  { clients, nameOf, subject, timeoutSeconds, progress }: Examination,
  startedAtMs: number,
  what: string,
): Promise<Finding> {
  const isEmbedded = subject.kind === 'embedded';
  const seconds = isEmbedded ? timeoutSeconds : Math.max(timeoutSeconds, METRICS_SECONDS);
  const names = { functionName: nameOf('rollbackFunction'), ruleName: nameOf('rollbackRule') };
  const runs = await waitFor(
    async () => {
      const found = await rollbackRuns(clients.cloudWatch, names, startedAtMs);
      return found.events > 0 && found.runs > 0 ? found : undefined;
    },
    {
      seconds,
      label: 'waiting for the rollback',
      progress,
      ...(!isEmbedded && { pollMs: METRICS_POLL_MS }),
    },
  );
  return judgeRuns(what, runs, seconds);
}

/** @param runs undefined if no run appeared in time */
export function judgeRuns(what: string, runs: RollbackRuns | undefined, seconds: number): Finding {
  if (runs === undefined) {
    return fail(`${what}, but the rollback function did not run within ${seconds} s`, SEE_FUNCTION);
  }
  if (runs.errors > 0) return fail(`${what}, but the rollback function failed`, SEE_FUNCTION);
  return pass(
    `${what}, and the rollback function ran; the legacy score is in use, so there was nothing to roll back`,
  );
}
