import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ItemKey } from './keys.ts';

/** What reads and writes of the table need. */
export interface TableAccess {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** Gets each item that a reader leaves out because it does not understand it, with one line that says why. */
  readonly onUnreadable?: (key: ItemKey, reason: string) => void;
}
