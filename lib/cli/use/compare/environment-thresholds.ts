import { OUTPUTS } from '../../../aws/stack-outputs.ts';
import {
  DEFAULT_READINESS,
  type ReadinessThresholds,
  readSharedThresholds,
} from '../../../statistics/readiness-thresholds.ts';
import { environmentOf } from '../target/open-target.ts';
import type { TargetOptions } from '../target/resources.ts';

export interface EnvironmentThresholds {
  /** Null if the command names the table itself. */
  readonly environment: string | null;
  readonly thresholds: ReadinessThresholds;
  readonly remarks: readonly string[];
}

/**
 * The environment's thresholds: those of its alarms from the stack's output, and the defaults for everything that
 * alarms do not watch, or if no environment is named.
 */
export async function environmentThresholds(options: TargetOptions): Promise<EnvironmentThresholds> {
  const environment = environmentOf(options);
  if (environment === undefined) return { environment: null, thresholds: DEFAULT_READINESS, remarks: [] };
  const { optionalOutputOf } = await import('../target/deployment.ts');
  const stated = await optionalOutputOf(environment, OUTPUTS.readinessThresholds);
  const shared = stated === undefined ? undefined : readSharedThresholds(stated);
  const remarks =
    shared === undefined
      ? [
          'The environment was deployed by an earlier version and publishes no thresholds: these are the defaults.',
        ]
      : [];
  return { environment, thresholds: { ...DEFAULT_READINESS, ...shared }, remarks };
}
