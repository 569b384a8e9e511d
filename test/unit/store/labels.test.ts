import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, it } from 'vitest';
import { timeBucket } from '../../../lib/store/keys.ts';
import { readLabels, readLabelsFor, readLabelsOf, writeLabel } from '../../../lib/store/labels.ts';
import type { ReadAssessment } from '../../../lib/store/read-address-items.ts';
import { assessment, failedAssessment, legacyAssessment, vote } from '../../factories/assessments.ts';
import { collect } from '../../factories/iterables.ts';
import { mockTable, NOW_MS } from '../../factories/stored-units.ts';

const { table, dynamodb, serveItems, serveQueries, wantedKeys } = mockTable();

const UNIT = 'ABCDEFGHIJKLMNOPQRSTUV';
const ENDPOINT = '443/tcp/outbound';
const NAME = { address: '8.8.8.8', unit: UNIT, endpoint: ENDPOINT, reportAgeDays: 3 };
const ID = `8.8.8.8/${UNIT}/${ENDPOINT}/3d`;

const read = (said = assessment()): ReadAssessment => ({
  id: ID,
  address: '8.8.8.8',
  unit: UNIT,
  endpoints: [ENDPOINT],
  ingestedAtMs: NOW_MS - 10,
  latestMs: NOW_MS - 20,
  assessment: said,
  connections: [],
});

function labelItem({
  unit = UNIT,
  endpoint = ENDPOINT,
  labelledAtMs = NOW_MS,
  ...changes
}: Record<string, unknown> & { unit?: string; endpoint?: string; labelledAtMs?: number } = {}) {
  return {
    pk: 'label#8.8.8.8',
    sk: `${unit}#${endpoint}`,
    schema: 4,
    time_bucket: timeBucket('label', labelledAtMs, unit),
    ingested_at: labelledAtMs,
    assessment_id: `8.8.8.8/${unit}/${endpoint}`,
    latest_ms: NOW_MS - 20,
    ground_truth: 'malicious',
    incident_detected: true,
    snapshot: { threat_score: 0.4, engine_version: '1.0.0', votes: {}, evidence: [], input: '{}' },
    ...changes,
  };
}

/** As a reader returns `labelItem()`. */
const LABEL = {
  assessment: `8.8.8.8/${UNIT}/${ENDPOINT}`,
  address: '8.8.8.8',
  latestMs: NOW_MS - 20,
  label: 'malicious',
  isOfAddress: false,
  incidentDetected: true,
  labelledAtMs: NOW_MS,
  snapshot: { threat_score: 0.4, engine_version: '1.0.0', votes: {}, evidence: [], input: '{}' },
};

beforeEach(() => {
  dynamodb.reset();
  dynamodb.onAnyCommand().resolves({});
});

describe('writeLabel', () => {
  const truth = {
    label: 'benign',
    isOfAddress: false,
    incidentDetected: false,
    labelledAtMs: NOW_MS,
  } as const;

  it('stores what a human found out, with the votes as they were', async () => {
    const written = await writeLabel(table, NAME, read(), truth);

    const snapshot = {
      threat_score: 0.4,
      consensus_score: 0.4,
      engine_version: '1.0.0',
      votes: {
        statistical: { score: 0.4, confidence: 0.6 },
        ml_based: { score: 0.8, confidence: vote().confidence },
      },
      evidence: assessment().evidence,
      input: JSON.stringify(assessment().input),
    };
    expect(dynamodb).toHaveReceivedCommandExactlyOnceWith(PutCommand, {
      TableName: 'assessments',
      Item: {
        pk: 'label#8.8.8.8',
        sk: `${UNIT}#${ENDPOINT}`,
        schema: 4,
        time_bucket: 'label#2023-11-14#0',
        ingested_at: NOW_MS,
        assessment_id: ID,
        latest_ms: NOW_MS - 20,
        ground_truth: 'benign',
        incident_detected: false,
        snapshot,
      },
    });
    expect(written).toEqual({
      assessment: ID,
      address: '8.8.8.8',
      latestMs: NOW_MS - 20,
      label: 'benign',
      isOfAddress: false,
      incidentDetected: false,
      labelledAtMs: NOW_MS,
      snapshot,
    });
  });

  it.each([
    ['no consensus', failedAssessment(), { threat_score: 0.2, legacy_score: 0.2 }],
    ['only a legacy score', legacyAssessment(), { threat_score: 0.2, legacy_score: 0.2 }],
  ])('keeps only the scores that there were: %s', async (_, said, scores) => {
    const { snapshot } = await writeLabel(table, NAME, read(said), truth);

    expect(snapshot).toEqual({ ...scores, engine_version: '1.0.0', votes: {}, evidence: [], input: '{}' });
  });

  it('says what it could not do', async () => {
    const denied = { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } };
    dynamodb.on(PutCommand).rejects(Object.assign(new Error('no'), denied));

    await expect(writeLabel(table, NAME, read(), truth)).rejects.toMatchObject({
      name: 'ServiceError',
      message: 'could not store the label: AccessDeniedException: no',
    });
  });
});

describe('readLabels', () => {
  const range = { fromMs: NOW_MS - 1_000, toMs: NOW_MS, nowMs: NOW_MS };

  it('gives the labels of a time range, newest first', async () => {
    const items = [1_001, 500, 1_000, 0].map((agoMs, n) =>
      labelItem({ unit: `${'ABCD'.charAt(n)}`.repeat(22), labelledAtMs: NOW_MS - agoMs }),
    );
    serveQueries(items);
    serveItems(items);

    const labels = await collect(readLabels(table, range));

    expect(labels.map(({ labelledAtMs }) => NOW_MS - labelledAtMs)).toEqual([0, 500, 1_000]);
    expect(labels[0]).toEqual({ ...LABEL, assessment: `8.8.8.8/${'D'.repeat(22)}/${ENDPOINT}` });
  });

  it('leaves out and reports what another version wrote', async () => {
    const items = [labelItem({ schema: 5 }), labelItem({ endpoint: '53/udp/outbound' })];
    serveQueries(items);
    serveItems(items);
    const reported: string[] = [];
    const watched = { ...table, onUnreadable: ({ sk }: { sk: string }) => void reported.push(sk) };

    const labels = await collect(readLabels(watched, range));

    expect(labels.map(({ assessment }) => assessment)).toEqual([`8.8.8.8/${UNIT}/53/udp/outbound`]);
    expect(reported).toEqual([`${UNIT}#${ENDPOINT}`]);
  });
});

describe('readLabelsOf', () => {
  it('gives all labels of an address, newest first, whatever the order of their keys', async () => {
    serveQueries(
      [2, 0, 1].map((agoMs, n) =>
        labelItem({ unit: 'ABC'.charAt(n).repeat(22), labelledAtMs: NOW_MS - agoMs }),
      ),
    );

    const labels = await collect(readLabelsOf(table, '8.8.8.8'));

    expect(labels.map(({ labelledAtMs }) => NOW_MS - labelledAtMs)).toEqual([0, 1, 2]);
    expect(dynamodb).toHaveReceivedCommandExactlyOnceWith(QueryCommand, {
      TableName: 'assessments',
      KeyConditionExpression: 'pk = :partition',
      ExpressionAttributeValues: { ':partition': 'label#8.8.8.8' },
    });
  });
});

describe('readLabelsFor', () => {
  it('gives the label of an endpoint for each of its assessments, whatever the age of the report', async () => {
    serveItems([labelItem()]);
    const ids = [`8.8.8.8/${UNIT}/${ENDPOINT}`, ID, `8.8.8.8/${UNIT}/53/udp/outbound`];

    const labels = await readLabelsFor(table, ids);

    expect(labels).toEqual(new Map(ids.slice(0, 2).map((id) => [id, LABEL])));
    expect(wantedKeys()).toEqual([
      [
        { pk: 'label#8.8.8.8', sk: `${UNIT}#${ENDPOINT}` },
        { pk: 'label#8.8.8.8', sk: `${UNIT}#53/udp/outbound` },
      ],
    ]);
  });

  it('leaves out what another version wrote', async () => {
    serveItems([labelItem({ schema: 5 })]);

    expect(await readLabelsFor(table, [ID])).toEqual(new Map());
  });

  it('refuses what is not the id of an assessment', async () => {
    await expect(readLabelsFor(table, ['8.8.8.8'])).rejects.toThrow(
      new RangeError('8.8.8.8 is not the id of an assessment'),
    );
  });
});
