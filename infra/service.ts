import { type App, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { type StackPart, stackName } from '../lib/aws/stack-outputs.ts';
import { COST_TAG } from './monitoring/monthly-budget.ts';
import { warnOfHomeNetworks, warnOfUnprotectedStacks } from './omissions.ts';
import { monitoringOutputs, type Output, scoringOutputs, storageOutputs } from './outputs.ts';
import { defineParts } from './parts/parts.ts';
import type { SiteEnvironment } from './select-environment.ts';

/** The stacks of one deployment. */
export interface Service {
  readonly storage: Stack;
  readonly scoring: Stack;
  readonly monitoring: Stack;
}

/** Omits a part's own id from the logical ids of its resources: it is the whole stack. */
const WHOLE_STACK = 'Default';

/** Defines the stacks of one deployment, one for each part. */
export function defineService(app: App, environment: SiteEnvironment): Service {
  const { name, account, region, protectedStacks, announcementBus } = environment;
  const stackFor = (part: StackPart, description: string) =>
    new Stack(app, stackName(name, part), {
      description: `threat-consensus (${name}): ${description}`,
      env: { ...(account && { account }), ...(region && { region }) },
      terminationProtection: protectedStacks.includes(part),
    });
  const storage = stackFor('Storage', 'the table of assessments');
  const scoring = stackFor('Scoring', 'queues, scoring function, settings and policies');
  const monitoring = stackFor('Monitoring', 'alarms, their topic, the rollback and the dashboard');
  const parts = defineParts({
    environment,
    places: {
      Storage: { scope: storage, id: WHOLE_STACK },
      Scoring: { scope: scoring, id: WHOLE_STACK },
      Monitoring: { scope: monitoring, id: WHOLE_STACK },
    },
    // A failed creation deletes its resources, which a protected table would prevent.
    isTableProtected: protectedStacks.includes('Storage'),
    ...(announcementBus && { bus: EventBus.fromEventBusArn(scoring, 'GivenBus', announcementBus) }),
  });
  addOutputs(storage, storageOutputs(parts.storage));
  addOutputs(scoring, scoringOutputs(environment, parts.storage, parts.scoring));
  addOutputs(monitoring, monitoringOutputs(parts.monitoring));
  warnOfHomeNetworks(storage, environment);
  warnOfUnprotectedStacks(storage, environment);

  Tags.of(app).add('project', 'threat-consensus');
  Tags.of(app).add('environment', name);
  if (environment.monthlyBudget?.costsOf === 'environment') Tags.of(app).add(COST_TAG, name);
  return { storage, scoring, monitoring };
}

function addOutputs(stack: Stack, outputs: readonly Output[]): void {
  for (const [name, value, description] of outputs) new CfnOutput(stack, name, { value, description });
}
