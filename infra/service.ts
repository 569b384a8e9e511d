import { type App, type StackProps, Tags } from 'aws-cdk-lib';
import { stackName } from '../lib/aws/stack-outputs.ts';
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
  const propsOf = (description: string): StackProps => ({
    description: `threat-consensus (${environment.name}): ${description}`,
    terminationProtection: environment.removalPolicy === 'retain',
  });

  const storage = new StorageStack(app, stackName(environment.name, 'Storage'), {
    ...propsOf('the table of assessments'),
    environment,
  });
  const scoring = new ScoringStack(app, stackName(environment.name, 'Scoring'), {
    ...propsOf('queues, scoring function, settings and policies'),
    environment,
    table: storage.table,
  });
  const monitoring = new MonitoringStack(app, stackName(environment.name, 'Monitoring'), {
    ...propsOf('alarms, their topic, the rollback and the dashboard'),
    environment,
    table: storage.table,
    queues: scoring.queues,
    scoringFunction: scoring.scoringFunction,
    settings: scoring.settings,
  });

  // Tags are a property like others: a new one would have CloudFormation write the settings anew.
  const exceptSettings = { excludeResourceTypes: ['AWS::SSM::Parameter'] };
  Tags.of(app).add('project', 'threat-consensus', exceptSettings);
  Tags.of(app).add('environment', environment.name, exceptSettings);
  return { storage, scoring, monitoring };
}
