import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What reads and writes of the table need. */
export interface TableAccess {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}
