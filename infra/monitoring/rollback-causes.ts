import type { AlarmKey } from './alarm-catalogue.ts';

/**
 * Alarms that may take an environment back. What they have in common:
 * - the mode `legacy` can end what they are about, since it asks no scorer;
 * - they are shares with a minimum volume that last, so that no single message, record or crash sets them off;
 * - a producer can't set them off at will: no record makes a scorer or the function fail, unless the code has a defect.
 *
 * Any other alarm is one that producers can bring about with ordinary records: they choose what evidence a record
 * carries (uncertainty, average score), how large messages are (latency), and how much the table has to write, which
 * throttles it (durations, messages handed back). Legacy scores are stored in the same table, so they would end nothing.
 */
export const ROLLBACK_CAUSES = [
  'consensus-failure-rate',
  'scorer-failure-rate',
  'function-errors',
] as const satisfies readonly AlarmKey[];
