import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { OUTPUTS } from '../../lib/aws/stack-outputs.ts';
import { AssessmentTable } from '../constructs/assessment-table.ts';
import { DataKey } from '../constructs/data-key.ts';
import type { Environment } from '../select-environment.ts';

export interface StorageStackProps extends StackProps {
  readonly environment: Environment;
}

/** What must outlive every deployment: the table, and the key of an environment that has one of its own. */
export class StorageStack extends Stack {
  readonly table: Table;
  /** Of an environment that has one of its own. */
  readonly key?: Key;

  constructor(scope: Construct, id: string, { environment, ...props }: StorageStackProps) {
    super(scope, id, props);
    if (environment.customerManagedKey) this.key = new DataKey(this, 'Data', environment).key;
    this.table = new AssessmentTable(this, 'Assessments', environment, this.key).table;
    new CfnOutput(this, OUTPUTS.table, { value: this.table.tableName, description: 'Holds the assessments' });
  }
}
