import type { AlarmKey } from './alarm-catalogue.ts';

/**
 * Alarms that may trigger a rollback. What they have in common:
 * - mode `legacy` can end their cause, since it asks no scorer;
 * - they are shares with a minimum volume, over some time, so that no single message, record or crash triggers them;
 * - producers can't trigger them at will: no record makes a scorer or the function fail, unless the code has a defect.
 *
 * Producers can trigger any other alarm with ordinary records: they choose the evidence a record carries (uncertainty,
 * average score), how large messages are (latency), and how much the table has to write, which throttles it (durations,
 * returned messages). Legacy scores are stored in the same table, so a rollback would not help.
 */
export const ROLLBACK_CAUSES = [
  'consensus-failure-rate',
  'scorer-failure-rate',
  'function-errors',
] as const satisfies readonly AlarmKey[];
