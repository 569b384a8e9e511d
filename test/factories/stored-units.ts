import { BatchGetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { sumStatistics } from '../../lib/statistics/unit-tally.ts';
import { type AddressItem, addressItems } from '../../lib/store/address-item.ts';
import type { Assessment } from '../../lib/store/assessment.ts';
import { assessmentText } from '../../lib/store/assessment-text.ts';
import { type ItemKey, parseAddressItemKey } from '../../lib/store/keys.ts';
import type { SettingsStamp } from '../../lib/store/settings-stamp.ts';
import { type SummaryItem, summaryItems } from '../../lib/store/summary-item.ts';
import { plainAssessment } from './assessments.ts';
import { documentClient } from './dynamodb.ts';
import { placedRows } from './items.ts';

export const NOW_MS = 1_700_000_000_000;
/** Epoch seconds. */
export const ALIVE = NOW_MS / 1000 + 1;
export const EXPIRED = NOW_MS / 1000;

export interface Stored {
  readonly unit: string;
  readonly address?: string;
  readonly latestMs?: number;
  readonly ingestedAtMs?: number;
  readonly expiresAt?: number;
  readonly settings?: SettingsStamp;
  readonly assessment?: Assessment;
}

const DEFAULTS = { address: '8.8.8.8', latestMs: 0, ingestedAtMs: NOW_MS, expiresAt: ALIVE };

/** What a unit says about an address of which it has one connection. */
export function addressItem({ assessment = plainAssessment(), ...stored }: Stored): AddressItem {
  const [item] = addressItems({
    ...DEFAULTS,
    ...stored,
    kinds: [{ protocol: 'udp', direction: 'outbound' }],
    groups: [
      {
        assessment,
        text: assessmentText(assessment),
        // Each unit has its own connection: repeated ones are given once.
        rows: placedRows([JSON.stringify([1, '10.0.0.1', null, 53, stored.unit])]),
      },
    ],
  });
  if (item === undefined) throw new TypeError('no item');
  return item;
}

/** The summary of a unit that has one item. */
export function summaryOf(item: AddressItem): SummaryItem {
  const name = parseAddressItemKey(item);
  if (name === undefined) throw new TypeError('no key');
  const { first } = summaryItems({
    unit: name.unit,
    messageIds: ['message-1'],
    ingestedAtMs: item.ingested_at,
    expiresAt: item.expires_at,
    statistics: sumStatistics([]),
    items: [{ address: name.address, latestMs: name.latestMs, records: [name.records] }],
  });
  return first;
}

/** What a query of the table or of its index finds an item by. */
type Queried = ItemKey & { readonly time_bucket?: string; readonly ingested_at: number };

/** A table that answers from lists of items as DynamoDB would. */
export function mockTable() {
  const client = documentClient();
  const dynamodb = mockClient(client);

  /** Answers queries of the table and its index. */
  const serveQueries = (items: readonly Queried[]): void => {
    dynamodb
      .on(QueryCommand)
      .callsFake((input: { IndexName?: string; ExpressionAttributeValues: Record<string, unknown> }) => {
        const {
          ':partition': partition,
          ':from': from = 0,
          ':to': to = Number.MAX_VALUE,
        } = input.ExpressionAttributeValues;
        const found = items.filter((item) =>
          input.IndexName === undefined
            ? item.pk === partition
            : item.time_bucket === partition &&
              item.ingested_at >= Number(from) &&
              item.ingested_at <= Number(to),
        );
        const order = (item: Queried) => (input.IndexName === undefined ? item.sk : item.ingested_at);
        return { Items: found.toSorted((a, b) => (order(a) < order(b) ? 1 : -1)) };
      });
  };

  /** Answers requests for items by key. */
  const serveItems = (items: readonly ItemKey[]): void => {
    dynamodb
      .on(BatchGetCommand)
      .callsFake((input: { RequestItems: { assessments: { Keys: { pk: string; sk: string }[] } } }) => ({
        Responses: {
          assessments: input.RequestItems.assessments.Keys.flatMap(({ pk, sk }) =>
            items.filter((item) => item.pk === pk && item.sk === sk),
          ),
        },
      }));
  };

  return {
    table: { client, tableName: 'assessments' },
    dynamodb,
    serveQueries,
    serveItems,
    /** Answers everything about items, and about the summaries that name them. */
    serve: (items: readonly AddressItem[], named = items): void => {
      serveQueries(items);
      serveItems([...items, ...named.map(summaryOf)]);
    },
    /** The keys of each request for items by key. */
    wantedKeys: (): unknown[] =>
      dynamodb.commandCalls(BatchGetCommand).map(({ args }) => args[0].input.RequestItems?.assessments?.Keys),
  };
}
