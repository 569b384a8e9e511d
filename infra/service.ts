import { type App, type StackProps, Tags } from 'aws-cdk-lib';
import { type StackPart, stackName } from '../lib/aws/stack-outputs.ts';
import { COST_TAG } from './monitoring/monthly-budget.ts';
import { warnOfOmissions } from './omissions.ts';
import type { Environment } from './select-environment.ts';
import { MonitoringStack } from './stacks/monitoring-stack.ts';
import { ScoringStack } from './stacks/scoring-stack.ts';
import { StorageStack } from './stacks/storage-stack.ts';

/** The stacks of one deployment. */
export interface Service {
  readonly storage: StorageStack;
  readonly scoring: ScoringStack;
  readonly monitoring: MonitoringStack;
}

/** Defines everything that one deployment consists of. */
export function defineService(app: App, environment: Environment): Service {
  const { name, account, region } = environment;
  const propsOf = (part: StackPart, description: string): StackProps => ({
    description: `threat-consensus (${name}): ${description}`,
    env: { ...(account && { account }), ...(region && { region }) },
    terminationProtection: environment.protectedStacks.includes(part),
  });

  const storage = new StorageStack(app, stackName(name, 'Storage'), {
    ...propsOf('Storage', 'the table of assessments'),
    environment,
  });
  const scoring = new ScoringStack(app, stackName(name, 'Scoring'), {
    ...propsOf('Scoring', 'queues, scoring function, settings and policies'),
    environment,
    table: storage.table,
    key: storage.key,
  });
  const monitoring = new MonitoringStack(app, stackName(name, 'Monitoring'), {
    ...propsOf('Monitoring', 'alarms, their topic, the rollback and the dashboard'),
    environment,
    table: storage.table,
    key: storage.key,
    queues: scoring.queues,
    scoringFunction: scoring.scoringFunction,
    feedFunction: scoring.feedFunction,
    logFiles: scoring.logFiles,
    settings: scoring.settings,
    announcements: scoring.announcements,
  });
  warnOfOmissions(storage, environment);

  Tags.of(app).add('project', 'threat-consensus');
  Tags.of(app).add('environment', name);
  if (environment.monthlyBudget?.costsOf === 'environment') Tags.of(app).add(COST_TAG, name);
  return { storage, scoring, monitoring };
}
