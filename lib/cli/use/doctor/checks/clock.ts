import type { Finding } from '../../../results/doctor.ts';
import type { Check } from '../check.ts';
import { fail, pass, skipped, warn } from '../findings.ts';

/** Runs last, before rehearsals: by then AWS has answered. */
export const clockCheck: Check = {
  name: 'clock',
  parts: [],
  actions: [],
  run: async ({ clients: { clockDifferenceMs } }) =>
    clockDifferenceMs === undefined ? skipped('unanswered') : judgeClock(clockDifferenceMs),
};

/** Beyond this AWS rejects signatures (AWS General Reference, "Troubleshooting Signature Version 4"). */
const REFUSED_SECONDS = 300;
const ODD_SECONDS = 30;

/** @param differenceMs how far this machine is ahead of AWS, milliseconds */
export function judgeClock(differenceMs: number): Finding {
  const seconds = Math.round(Math.abs(differenceMs) / 1_000);
  const what = `this machine is ${seconds} s ${differenceMs < 0 ? 'behind' : 'ahead of'} AWS`;
  const todo = 'set its clock, or sync it with a time server';
  if (seconds > REFUSED_SECONDS) return fail(`${what}: signatures are refused`, todo);
  if (seconds > ODD_SECONDS) return warn(what, todo);
  return pass(`within ${ODD_SECONDS} s of AWS`);
}
