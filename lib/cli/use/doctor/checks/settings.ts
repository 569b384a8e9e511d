import { meaningOf } from '../../../../cutover/plan-change.ts';
import { readSettings } from '../../../../cutover/settings.ts';
import type { Finding } from '../../../results/doctor.ts';
import type { Check } from '../check.ts';
import { fail, pass, warn } from '../findings.ts';
import { settingsInForce } from '../settings-in-force.ts';

export const settingsCheck: Check = {
  name: 'settings',
  parts: ['settingsParameter'],
  actions: ['ssm:GetParameters'],
  run: async ({ subject }) => {
    const read = await settingsInForce(subject);
    return judgeSettings(await read());
  },
};

/** @param value what is in force */
function judgeSettings(value: string): Finding {
  const read = readSettings(value);
  if (!read.ok) {
    return fail(`invalid: ${read.reason}`, 'put valid ones: threat-consensus cutover set legacy');
  }
  const { settings, unknownKeys } = read;
  const inForce = `valid. ${meaningOf(settings)}`;
  if (unknownKeys.length === 0) return pass(inForce);
  return warn(
    `${inForce} Ignored: ${unknownKeys.join(', ')}`,
    'deploy the version that knows these keys, or remove them',
  );
}
