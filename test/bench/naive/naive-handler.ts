import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createAssess } from '../../../lib/assessment/assess.ts';
import { createConsensus } from '../../../lib/consensus/consensus.ts';
import { legacyScore } from '../../../lib/cutover/legacy-score.ts';
import { type ConnectionRecord, parseRecord } from '../../../lib/records/connection-record.ts';
import { remoteEndpoint, scoringInput } from '../../../lib/records/endpoint.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { recordIdentity } from '../../../lib/records/record-identity.ts';

/**
 * The design that comes to mind first, to compare costs with: a record a message, an item for each connection and one
 * for each assessment. It scores and stores as much as the service does, and does without retries, summaries, metrics
 * and an index.
 */
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 3 }), {
  marshallOptions: { removeUndefinedValues: true },
});
const assess = createAssess({ consensus: createConsensus(), legacyScore });
const isLocal = createLocality([]);

export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const items = Records.flatMap(({ body }) => {
    const parsed = parseRecord(JSON.parse(body));
    return parsed.ok ? itemsOf(parsed.record) : [];
  });
  const distinct = new Map(items.map((item) => [`${item.pk} ${item.sk}`, item]));
  const puts = [...distinct.values()].map((Item) => ({ PutRequest: { Item } }));
  if (puts.length > 0) {
    await client.send(new BatchWriteCommand({ RequestItems: { [process.env.TABLE_NAME ?? '']: puts } }));
  }
  return { batchItemFailures: [] };
}

function itemsOf(record: ConnectionRecord) {
  const endpoint = remoteEndpoint(record, isLocal);
  const identity = recordIdentity(record);
  const { threat_intel: _, geo_data: __, ...connection } = record;
  return [
    { pk: `connection#${identity}`, sk: 'connection', ...connection },
    {
      pk: `address#${endpoint.address}`,
      sk: `${record.timestamp}#${identity}`,
      ...assess(scoringInput(record, endpoint)),
    },
  ];
}
