import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ItemKey } from './keys.ts';

/** Dependencies of reads and writes of the table. */
export interface TableAccess {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** Called for each item that a reader leaves out because it does not understand it, with a one-line reason. */
  readonly onUnreadable?: (key: ItemKey, reason: string) => void;
}
