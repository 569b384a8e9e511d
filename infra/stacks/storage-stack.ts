import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { AssessmentTable } from '../constructs/assessment-table.ts';
import type { Environment } from '../select-environment.ts';

export interface StorageStackProps extends StackProps {
  readonly environment: Environment;
}

/** What must outlive every deployment: the table. */
export class StorageStack extends Stack {
  readonly table: Table;

  constructor(scope: Construct, id: string, { environment, ...props }: StorageStackProps) {
    super(scope, id, props);
    this.table = new AssessmentTable(this, 'Assessments', environment).table;
  }
}
