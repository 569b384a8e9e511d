import type { ScoredUnit } from '../../../lib/assessment/score-unit.ts';
import { WINDOW } from '../../../lib/cli/push/windows.ts';
import { writeUnitsOfPut } from '../../../lib/local/metering/capacity.ts';
import type { AttributeValue, Item } from '../../../lib/local/metering/item-size.ts';
import { PRICES } from '../../../lib/local/metering/prices.ts';
import { type PackableRecord, packMessages } from '../../../lib/logs/packing.ts';
import { queuedMessage, scoreMessage, scoringOptions } from '../../factories/messages.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';

/** What some packing of a log leads to. */
export interface Packed {
  readonly records: number;
  readonly bodies: readonly string[];
  readonly plans: readonly ScoredUnit[];
}

/** @param windowRecords how many are packed together, in which those of one address are brought side by side */
export function packAndPlan(
  records: readonly PackableRecord[],
  {
    targetBytes,
    windowRecords = WINDOW.entries,
  }: { readonly targetBytes?: number; readonly windowRecords?: number },
): Packed {
  const bodies: string[] = [];
  for (let start = 0; start < records.length; start += windowRecords) {
    const window = records.slice(start, start + windowRecords);
    for (const { body } of packMessages(window, targetBytes)) bodies.push(body);
  }
  const options = scoringOptions();
  const plans = bodies.map((body) => scoreMessage(queuedMessage({ body }), options));
  return { records: records.length, bodies, plans };
}

/** What writing items costs, in US dollars. */
export function writeCost(items: Iterable<object>): number {
  let units = 0;
  for (const item of items) {
    const { table, indexes } = writeUnitsOfPut(wireAttributes(item), DEPLOYED.definition.table);
    units += table + indexes;
  }
  return units * PRICES.dynamodbWriteUnit;
}

/** An item in DynamoDB's JSON, as the document client writes it. */
function wireAttributes(item: object): Item {
  const known = Object.entries(item).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, wireValue(value)]));
}

function wireValue(value: unknown): AttributeValue {
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return { L: value.map(wireValue) };
  if (typeof value === 'object' && value !== null) return { M: wireAttributes(value) };
  if (typeof value === 'number') return { N: String(value) };
  return typeof value === 'boolean' ? { BOOL: value } : { S: String(value) };
}

const BILLED_BYTES = 64 * 1024;

/** What sending, receiving and deleting costs, in US dollars; each message takes requests of its own. */
export function queueCost(bodies: readonly string[]): number {
  const payloads = bodies.reduce((sum, body) => sum + Math.ceil(Buffer.byteLength(body) / BILLED_BYTES), 0);
  const deletions = Math.ceil(bodies.length / DEPLOYED.definition.eventSource.batchSize);
  return (2 * payloads + deletions) * PRICES.sqsRequest;
}

/** What so much of one processor's time costs, in US dollars: 1,769 MB come with one. */
export function computingCost(milliseconds: number): number {
  return (milliseconds / 1000) * (MEGABYTES_PER_PROCESSOR / 1024) * PRICES.lambdaGigabyteSecond;
}

const MEGABYTES_PER_PROCESSOR = 1769;
