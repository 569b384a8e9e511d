import { Aws } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Environment } from '../environment.ts';
import type { AlarmTopic } from './alarm-topic.ts';

export interface MonthlyBudgetProps {
  readonly environment: Environment;
  /** US dollars. */
  readonly usd: number;
  readonly costsOf: 'environment' | 'account';
  readonly topic: AlarmTopic;
}

/** Separates the costs of environments, once it is activated as a cost allocation tag. */
export const COST_TAG = 'threat-consensus-environment';

/** Percent of the budget. */
const SPENT = 80;
const FORECAST = 100;

/**
 * Notifies when most of a month's budget is spent, and when the month is forecast to exceed it. A budget notifies one
 * topic: ours, or the first of the site's own if ours has no subscribers.
 */
export class MonthlyBudget extends Construct {
  constructor(scope: Construct, id: string, { environment, usd, costsOf, topic }: MonthlyBudgetProps) {
    super(scope, id);
    const target = (topic.hasSubscribers ? undefined : topic.all[1]) ?? topic.topic;
    if (target === topic.topic) letBudgetsPublish(topic);
    const notify = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: {
        notificationType,
        threshold,
        thresholdType: 'PERCENTAGE',
        comparisonOperator: 'GREATER_THAN',
      },
      subscribers: [{ subscriptionType: 'SNS', address: target.topicArn }],
    });
    const budget = new CfnBudget(this, 'Budget', {
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: usd, unit: 'USD' },
        ...(costsOf === 'environment' && {
          costFilters: { TagKeyValue: [`user:${COST_TAG}$${environment.name}`] },
        }),
      },
      notificationsWithSubscribers: [notify('ACTUAL', SPENT), notify('FORECASTED', FORECAST)],
    });
    // The topic's policy is a separate resource: without it, a budget may not publish.
    budget.node.addDependency(topic.topic);
  }
}

/** Source: AWS Cost Management User Guide, "Creating an Amazon SNS topic for budget notifications". */
function letBudgetsPublish({ topic, key }: AlarmTopic): void {
  const common = {
    sid: 'Budgets',
    principals: [new ServicePrincipal('budgets.amazonaws.com')],
    conditions: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:budgets::${Aws.ACCOUNT_ID}:*` },
    },
  };
  topic.addToResourcePolicy(
    new PolicyStatement({ ...common, actions: ['sns:Publish'], resources: [topic.topicArn] }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({ ...common, actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'] }),
  );
}
