import { SCORER_NAMES } from '../../../consensus/vote.ts';
import { type Assessment, scoredInput } from '../../../store/assessment.ts';
import { stampText } from '../../../store/settings-stamp.ts';
import type { ExportedAssessment } from '../../results/export.ts';
import type { CsvCell } from './csv.ts';
import type { DateTime } from './date-time.ts';

type Cells = Readonly<Record<string, CsvCell>>;

/**
 * An assessment as one flat row: the columns of the legacy table `consensus_assessments` under their names, then the
 * columns that the legacy system did not have. `timestamp` is when its message arrived; `dst_ip` is the address that
 * was scored.
 */
export function assessmentRow({ read, label }: ExportedAssessment, dateTime: DateTime) {
  const { id, address, ingestedAtMs, assessment, settings, connections } = read;
  const consensus = assessment.method === 'median' ? assessment : undefined;
  const times = connections.map(({ timestamp }) => timestamp);
  return {
    id,
    timestamp: dateTime(ingestedAtMs / 1000),
    dst_ip: address,
    consensus_score: consensus?.consensus_score,
    confidence: consensus?.confidence,
    high_uncertainty: consensus?.high_uncertainty,
    ...votesByScorer(assessment.votes),
    votes_json: JSON.stringify(assessment.votes),
    ground_truth: label?.label,
    incident_detected: label?.incidentDetected,
    threat_score: assessment.threat_score,
    scored_by: assessment.scored_by,
    legacy_score: assessment.legacy_score,
    method: assessment.method,
    spread: consensus?.spread,
    quorum: assessment.method === 'none' ? undefined : assessment.quorum,
    degraded: consensus?.degraded,
    outliers: consensus?.outliers.join(' '),
    evidence: assessment.evidence.join(' '),
    lists: listsOf(assessment),
    engine_version: assessment.engine_version,
    settings: settings && stampText(settings),
    connections: connections.length,
    first_connection: dateTime(earliest(times)),
    last_connection: dateTime(latest(times)),
    input_json: JSON.stringify(scoredInput(assessment)),
  } satisfies Cells;
}

/** Scores and confidences, one column per scorer. */
export const SCORER_COLUMNS = SCORER_NAMES.flatMap(
  (scorer) => [`${scorer}_score`, `${scorer}_confidence`] as const,
);

type ScorerColumn = (typeof SCORER_COLUMNS)[number];

/** Lists that name the address, from any source. */
function listsOf(assessment: Assessment): string | undefined {
  return scoredInput(assessment)
    .threat_intel?.listings?.map(({ source }) => source)
    .join('; ');
}

function votesByScorer(votes: Assessment['votes']): Record<ScorerColumn, number | undefined> {
  const cells = SCORER_NAMES.flatMap((scorer) => {
    const vote = votes[scorer];
    return [
      [`${scorer}_score`, vote?.score],
      [`${scorer}_confidence`, vote?.confidence],
    ] as const;
  });
  return Object.fromEntries(cells) as Record<ScorerColumn, number | undefined>;
}

export type AssessmentRow = ReturnType<typeof assessmentRow>;

/** The columns, in order. */
export const ASSESSMENT_COLUMNS = [
  'id',
  'timestamp',
  'dst_ip',
  'consensus_score',
  'confidence',
  'high_uncertainty',
  'votes_json',
  'ground_truth',
  'incident_detected',
  'threat_score',
  'scored_by',
  'legacy_score',
  'method',
  'spread',
  'quorum',
  'degraded',
  'outliers',
  'evidence',
  'lists',
  'engine_version',
  'settings',
  'connections',
  'first_connection',
  'last_connection',
  ...SCORER_COLUMNS,
  'input_json',
] as const satisfies readonly (keyof AssessmentRow)[];

/** A loop, since an assessment can cover more connections than a call can have arguments. */
function earliest(times: readonly number[]): number {
  return times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
}

function latest(times: readonly number[]): number {
  return times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
}
