import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { ConnectionRecord } from '../records/connection-record.ts';
import { type AddressItem, readAddressItem } from './address-item.ts';
import { toStoreError } from './store-error.ts';
import type { TableAccess } from './table-access.ts';

/** Reads every stored connection. It reads the whole table: for small tables and checks only. */
export async function* scanConnections({ client, tableName }: TableAccess): AsyncGenerator<ConnectionRecord> {
  const input = {
    TableName: tableName,
    FilterExpression: 'begins_with(pk, :address)',
    ExpressionAttributeValues: { ':address': 'address#' },
  };
  try {
    for await (const page of paginateScan({ client }, input)) {
      for (const item of (page.Items ?? []) as AddressItem[]) {
        for (const { connections } of readAddressItem(item)) yield* connections;
      }
    }
  } catch (cause) {
    throw toStoreError(cause, 'read the table');
  }
}
