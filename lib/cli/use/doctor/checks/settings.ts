import { meaningOf } from '../../../../cutover/plan-change.ts';
import { readSettings } from '../../../../cutover/settings.ts';
import type { SettingsSource } from '../../../../cutover/stored-settings.ts';
import type { CutoverState } from '../../../results/cutover-state.ts';
import type { Finding } from '../../../results/doctor.ts';
import { readState } from '../../cutover/read-cutover.ts';
import type { Check } from '../check.ts';
import { fail, pass, warn } from '../findings.ts';

export const settingsCheck: Check = {
  name: 'settings',
  parts: ['settingsParameter', 'initialSettingsParameter'],
  actions: ['ssm:GetParameters', 'cloudformation:DescribeStacks'],
  run: async ({ subject: { environment } }) =>
    judgeSettings(await readState(environment === undefined ? {} : { env: environment })),
};

const WHOSE = {
  operator: 'set by an operator or a rollback',
  initial: 'the initial ones; no others have been set',
} satisfies Record<SettingsSource, string>;

/** Reports the settings in force, and who set them. */
export function judgeSettings({
  inForce: { source, value },
  newerStackMs,
}: Pick<CutoverState, 'inForce' | 'newerStackMs'>): Finding {
  const read = readSettings(value);
  if (!read.ok) {
    return fail(
      `invalid (${WHOSE[source]}): ${read.reason}`,
      'set valid ones: threat-consensus cutover set legacy',
    );
  }
  const { settings, unknownKeys } = read;
  const inForce = `valid, ${WHOSE[source]}. ${meaningOf(settings)}`;
  if (newerStackMs !== undefined) {
    return warn(
      `${inForce} They were left by an earlier stack: this one was created ${new Date(newerStackMs).toISOString()}`,
      'go back to the initial ones with threat-consensus cutover reset, or confirm these with cutover set',
    );
  }
  if (unknownKeys.length === 0) return pass(inForce);
  return warn(
    `${inForce} Ignored: ${unknownKeys.join(', ')}`,
    'deploy the version that knows these keys, or remove them',
  );
}
