import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { AssessmentTable } from '../constructs/assessment-table.ts';
import { DataKey, letServicesUse } from '../constructs/data-key.ts';
import type { Environment } from '../environment.ts';

export interface StorageProps {
  readonly environment: Environment;
  /** Whether the table is protected against deletion by hand. */
  readonly isProtected: boolean;
  /** One of the site's own keys, for all data. */
  readonly key: IKey | undefined;
  /** The stacks of parts with log groups. */
  readonly logStacks: readonly Stack[];
}

/** Resources that must outlive every deployment: the table, and the environment's own key if it has one. */
export class Storage extends Construct {
  readonly table: Table;
  /** The encryption key of the data; undefined if AWS's own keys are used. */
  readonly key: IKey | undefined;

  constructor(
    scope: Construct,
    id: string,
    { environment, isProtected, key: given, logStacks }: StorageProps,
  ) {
    super(scope, id);
    if (given !== undefined) letServicesUse(given, Stack.of(this), logStacks);
    const own = environment.customerManagedKey
      ? new DataKey(this, 'Data', { environment, logStacks }).key
      : undefined;
    // CDK's own types disagree on optional properties under `exactOptionalPropertyTypes`.
    this.key = given ?? (own as IKey | undefined);
    this.table = new AssessmentTable(this, 'Assessments', { environment, isProtected, key: this.key }).table;
  }
}
