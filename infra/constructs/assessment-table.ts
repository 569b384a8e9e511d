import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { EXPIRY_ATTRIBUTE, PARTITION_KEY, SORT_KEY, TIME_INDEX } from '../../lib/store/table-schema.ts';
import type { Environment } from '../environment.ts';
import { removalPolicyOf } from './removal-policy.ts';

export interface AssessmentTableProps {
  readonly environment: Environment;
  /** Whether it is protected against deletion by hand. */
  readonly isProtected: boolean;
  readonly key: IKey | undefined;
}

/** The one table, with its index; `lib/store/` describes its content. */
export class AssessmentTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { environment, isProtected, key }: AssessmentTableProps) {
    super(scope, id);
    const { maximumWriteUnits } = environment;
    const writeCap = { ...(maximumWriteUnits && { maxWriteRequestUnits: maximumWriteUnits }) };
    this.table = new Table(this, 'Table', {
      partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
      sortKey: { name: SORT_KEY, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: EXPIRY_ATTRIBUTE,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      ...(key === undefined
        ? { encryption: TableEncryption.AWS_MANAGED }
        : { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: key }),
      ...writeCap,
      deletionProtection: isProtected,
      removalPolicy: removalPolicyOf(environment),
    });
    this.table.addGlobalSecondaryIndex({
      indexName: TIME_INDEX.name,
      partitionKey: { name: TIME_INDEX.partitionKey, type: AttributeType.STRING },
      sortKey: { name: TIME_INDEX.sortKey, type: AttributeType.NUMBER },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: [...TIME_INDEX.projected],
      ...writeCap,
    });
  }
}
