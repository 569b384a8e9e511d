import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { AssessmentTable } from '../constructs/assessment-table.ts';
import { DataKey, letServicesUse } from '../constructs/data-key.ts';
import type { Environment } from '../environment.ts';

export interface StorageProps {
  readonly environment: Environment;
  /** Whether the table can't be deleted by hand. */
  readonly isProtected: boolean;
  /** A key of the site's own, for all data. */
  readonly key: IKey | undefined;
  /** Where the parts with log groups are. */
  readonly logStacks: readonly Stack[];
}

/** What must outlive every deployment: the table, and the key of an environment that has one of its own. */
export class Storage extends Construct {
  readonly table: Table;
  /** What data are encrypted with; undefined where AWS's own keys do it. */
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
    // CDK's own types disagree on optional properties where these may not be undefined.
    this.key = given ?? (own as IKey | undefined);
    this.table = new AssessmentTable(this, 'Assessments', { environment, isProtected, key: this.key }).table;
  }
}
