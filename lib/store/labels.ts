import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { toServiceError } from '../aws/service-error.ts';
import type { EvidenceSource } from '../consensus/verdict.ts';
import type { ScorerName } from '../consensus/vote.ts';
import { scoredInput } from './assessment.ts';
import { type AssessmentName, assessmentId, parseAssessmentId } from './assessment-id.ts';
import { addressOfLabel, type ItemKey, keyText, labelKey, labelPartition, timeBucket } from './keys.ts';
import { getItems, getItemsInOrder, query } from './query.ts';
import type { ReadAssessment } from './read-address-items.ts';
import { readUnderstood } from './readable.ts';
import type { TableAccess } from './table-access.ts';
import { SCHEMA_VERSION } from './table-schema.ts';
import { type TimeRange, timeline } from './timeline.ts';

export type GroundTruth = 'malicious' | 'benign';

/** A human's judgement of an assessed endpoint or its whole address, with the votes as they were then. */
export interface Label {
  /** Id of the assessment that was labelled. */
  readonly assessment: string;
  readonly address: string;
  /** Time of the address's latest connection in the assessment's unit, epoch milliseconds. */
  readonly latestMs: number;
  readonly label: GroundTruth;
  /** Whether it was given to the address as a whole; the assessment is then the worst one of the address. */
  readonly isOfAddress: boolean;
  readonly incidentDetected: boolean;
  /** Epoch milliseconds. */
  readonly labelledAtMs: number;
  readonly snapshot: LabelSnapshot;
}

export interface LabelSnapshot {
  readonly threat_score: number;
  readonly consensus_score?: number;
  readonly legacy_score?: number;
  readonly engine_version: string;
  readonly votes: Readonly<
    Partial<Record<ScorerName, { readonly score: number; readonly confidence: number }>>
  >;
  /** Sources that had an answer. */
  readonly evidence: readonly EvidenceSource[];
  /** JSON of the scoring input, for training. */
  readonly input: string;
}

/** The item as the table holds it. It never expires: ground truth is rarer than traffic. */
interface LabelItem extends ItemKey {
  readonly schema: number;
  readonly time_bucket: string;
  /** When it was labelled, epoch milliseconds; the name is the time index's. */
  readonly ingested_at: number;
  readonly assessment_id: string;
  readonly latest_ms: number;
  readonly ground_truth: GroundTruth;
  readonly of_address?: true;
  readonly incident_detected: boolean;
  readonly snapshot: LabelSnapshot;
}

/**
 * Stores a label as an item of its own, so that a redelivered message can't overwrite it. It belongs to the named
 * endpoint in its unit; a later label for that endpoint replaces it.
 *
 * @throws {ServiceError}
 */
export async function writeLabel(
  { client, tableName }: TableAccess,
  name: AssessmentName,
  read: ReadAssessment,
  truth: Pick<Label, 'label' | 'isOfAddress' | 'incidentDetected' | 'labelledAtMs'>,
): Promise<Label> {
  const { address, unit, endpoint } = name;
  const item: LabelItem = {
    ...labelKey(address, unit, endpoint),
    schema: SCHEMA_VERSION,
    time_bucket: timeBucket('label', truth.labelledAtMs, unit),
    ingested_at: truth.labelledAtMs,
    assessment_id: assessmentId(name),
    latest_ms: read.latestMs,
    ground_truth: truth.label,
    ...(truth.isOfAddress && { of_address: true }),
    incident_detected: truth.incidentDetected,
    snapshot: snapshotOf(read),
  };
  try {
    await client.send(new PutCommand({ TableName: tableName, Item: item }));
  } catch (cause) {
    throw toServiceError(cause, 'store the label');
  }
  return labelOf(item);
}

const LABELS_AT_ONCE = 100;

/** Reads labels given in a time range, newest first. */
export async function* readLabels(table: TableAccess, range: TimeRange): AsyncGenerator<Label> {
  const keys = timeline(table, 'label', range);
  yield* understood(table, getItemsInOrder<LabelItem>(table, keys, LABELS_AT_ONCE));
}

/** Reads all labels given to assessments of an address, newest first. */
export async function* readLabelsOf(table: TableAccess, address: string): AsyncGenerator<Label> {
  const items = query<LabelItem>(table, {
    KeyConditionExpression: 'pk = :partition',
    ExpressionAttributeValues: { ':partition': labelPartition(address) },
  });
  const labels = await Array.fromAsync(understood(table, items));
  yield* labels.sort((a, b) => b.labelledAtMs - a.labelledAtMs);
}

/** Reads the labels of assessments, by assessment id; those without one are left out. */
export async function readLabelsFor(
  table: TableAccess,
  assessmentIds: readonly string[],
): Promise<Map<string, Label>> {
  const idsByKey = Map.groupBy(assessmentIds, (id) => keyText(keyOf(id)));
  const keys = [...idsByKey.values()].flatMap(([id]) => (id === undefined ? [] : keyOf(id)));
  const labels = new Map<string, Label>();
  for await (const item of getItems<LabelItem>(table, keys)) {
    const label = readUnderstood(table, item, labelOf);
    if (label === undefined) continue;
    for (const id of idsByKey.get(keyText(item)) ?? []) labels.set(id, label);
  }
  return labels;
}

/** Assessments of an endpoint that differ only in the age of a report share a label. */
function keyOf(id: string): ItemKey {
  const name = parseAssessmentId(id);
  if (name === undefined) throw new RangeError(`${id} is not the id of an assessment`);
  return labelKey(name.address, name.unit, name.endpoint);
}

async function* understood(table: TableAccess, items: AsyncIterable<LabelItem>): AsyncGenerator<Label> {
  for await (const item of items) {
    const label = readUnderstood(table, item, labelOf);
    if (label !== undefined) yield label;
  }
}

function labelOf(item: LabelItem): Label {
  return {
    assessment: item.assessment_id,
    address: addressOfLabel(item),
    latestMs: item.latest_ms,
    label: item.ground_truth,
    isOfAddress: item.of_address === true,
    incidentDetected: item.incident_detected,
    labelledAtMs: item.ingested_at,
    snapshot: item.snapshot,
  };
}

function snapshotOf({ assessment }: ReadAssessment): LabelSnapshot {
  const votes = Object.entries(assessment.votes).map(([name, { score, confidence }]) => [
    name,
    { score, confidence },
  ]);
  return {
    threat_score: assessment.threat_score,
    ...(assessment.method === 'median' && { consensus_score: assessment.consensus_score }),
    ...(assessment.legacy_score !== undefined && { legacy_score: assessment.legacy_score }),
    engine_version: assessment.engine_version,
    votes: Object.fromEntries(votes),
    evidence: assessment.evidence,
    input: JSON.stringify(scoredInput(assessment)),
  };
}
