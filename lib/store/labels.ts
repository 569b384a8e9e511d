import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ScorerName } from '../consensus/vote.ts';
import type { ReadAssessment } from './address-item.ts';
import { scoredInput } from './assessment.ts';
import { type AssessmentPlace, assessmentId, parseAssessmentId } from './assessment-id.ts';
import { type ItemKey, labelKey, timeBucket } from './keys.ts';
import { getItems, getItemsInOrder, query } from './query.ts';
import { toStoreError } from './store-error.ts';
import type { TableAccess } from './table-access.ts';
import { LABEL_PARTITION_PREFIX, SCHEMA_VERSION } from './table-schema.ts';
import { type TimeRange, timeline } from './timeline.ts';

export type GroundTruth = 'malicious' | 'benign';

/** What a human found out about an assessed endpoint, with the votes as they were then. */
export interface Label {
  /** Id of the assessment. */
  readonly assessment: string;
  readonly address: string;
  readonly label: GroundTruth;
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
  /** JSON of what the scorers saw, for training. */
  readonly input: string;
}

/** The item as the table holds it. It never expires: ground truth is rarer than traffic. */
interface LabelItem extends ItemKey {
  readonly schema: number;
  readonly time_bucket: string;
  /** When it was labelled, epoch milliseconds; the name is the time index's. */
  readonly ingested_at: number;
  readonly assessment_id: string;
  readonly ground_truth: GroundTruth;
  readonly incident_detected: boolean;
  readonly snapshot: LabelSnapshot;
}

/**
 * Stores a label as an item of its own, so that a message that comes again can't overwrite it. A later label for
 * the same assessment replaces it.
 */
export async function writeLabel(
  { client, tableName }: TableAccess,
  place: AssessmentPlace,
  read: ReadAssessment,
  truth: { readonly label: GroundTruth; readonly incidentDetected: boolean; readonly labelledAtMs: number },
): Promise<Label> {
  const snapshot = snapshotOf(read);
  const item: LabelItem = {
    ...labelKey(place.address, place.key, place.index),
    schema: SCHEMA_VERSION,
    time_bucket: timeBucket('label', truth.labelledAtMs, place.message),
    ingested_at: truth.labelledAtMs,
    assessment_id: assessmentId(place.key, place.index),
    ground_truth: truth.label,
    incident_detected: truth.incidentDetected,
    snapshot,
  };
  try {
    await client.send(new PutCommand({ TableName: tableName, Item: item }));
  } catch (cause) {
    throw toStoreError(cause, 'store the label');
  }
  return labelOf(item);
}

const LABELS_AT_ONCE = 100;

/** Labels given in a time range, newest first. */
export async function* readLabels(table: TableAccess, range: TimeRange): AsyncGenerator<Label> {
  const keys = timeline(table, 'label', range);
  for await (const item of getItemsInOrder<LabelItem>(table, keys, LABELS_AT_ONCE)) yield labelOf(item);
}

/** All labels that were given to assessments of an address, those of the latest connections first. */
export async function* readLabelsOf(table: TableAccess, address: string): AsyncGenerator<Label> {
  const items = query<LabelItem>(table, {
    KeyConditionExpression: 'pk = :partition',
    ExpressionAttributeValues: { ':partition': `${LABEL_PARTITION_PREFIX}${address}` },
    ScanIndexForward: false,
  });
  for await (const item of items) yield labelOf(item);
}

/** The labels of assessments, by assessment id; those without one are left out. */
export async function readLabelsFor(
  table: TableAccess,
  assessmentIds: readonly string[],
): Promise<Map<string, Label>> {
  const keys = assessmentIds.map((id) => {
    const place = parseAssessmentId(id);
    if (place === undefined) throw new RangeError(`${id} is no id of an assessment`);
    return labelKey(place.address, place.key, place.index);
  });
  const labels = new Map<string, Label>();
  for await (const item of getItems<LabelItem>(table, keys)) labels.set(item.assessment_id, labelOf(item));
  return labels;
}

function labelOf(item: LabelItem): Label {
  return {
    assessment: item.assessment_id,
    address: item.pk.split('#')[1] ?? '',
    label: item.ground_truth,
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
    input: JSON.stringify(scoredInput(assessment)),
  };
}
