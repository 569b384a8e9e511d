import type { Finding } from '../../results/doctor.ts';

export function pass(text: string): Finding {
  return { outcome: 'pass', text };
}

/** Nothing is broken, but someone should look. */
export function warn(text: string, todo: string): Finding {
  return { outcome: 'warn', text, todo };
}

export function fail(text: string, todo: string): Finding {
  return { outcome: 'fail', text, todo };
}

/** @param reason one word */
export function skipped(reason: string, todo?: string): Finding {
  return { outcome: 'skipped', text: reason, ...(todo !== undefined && { todo }) };
}
