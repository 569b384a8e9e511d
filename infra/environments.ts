import type { EnvironmentInput } from './environment-schema.ts';

/**
 * The deployments, by the name given with `-c env=`, unless another file lists them. This is the one place to change
 * their differences; `ServiceSettings` documents every key. Before their first deployment, `staging` and `prod` need
 * your `account`, `region`, `alarmTargets`, `runbookUrl` and `homeNetworks`.
 */
export const ENVIRONMENTS: Readonly<Record<string, EnvironmentInput>> = {
  dev: {
    homeNetworks: [],
    assessmentRetentionDays: 14,
    logRetentionDays: 7,
    removalPolicy: 'destroy',
    maximumConcurrency: 2,
  },
  staging: {
    homeNetworks: [],
    assessmentRetentionDays: 30,
    logRetentionDays: 30,
    removalPolicy: 'retain',
    maximumConcurrency: 5,
  },
  prod: {
    homeNetworks: [],
    assessmentRetentionDays: 90,
    logRetentionDays: 90,
    removalPolicy: 'retain',
    maximumConcurrency: 10,
  },
};
