import { findDetections } from '../../../activity/detections.ts';
import type { FanOut } from '../../../activity/fan-out.ts';
import { describeConnections } from '../../../activity/unit-activity.ts';
import type { Assess } from '../../../assessment/assess.ts';
import type { ThreatIntel } from '../../../consensus/scoring-input.ts';
import type { ConnectionEntry, LogEntry } from '../../../logs/log-entry.ts';
import { packMessages } from '../../../logs/packing.ts';
import { Alerts } from '../../../records/alerts.ts';
import type { ConnectionRecord } from '../../../records/connection-record.ts';
import { type Endpoint, remoteEndpoint, scoringInput } from '../../../records/endpoint.ts';
import type { IsLocal } from '../../../records/locality.ts';
import { sqsText } from '../../../records/sqs-text.ts';
import { withAlerts } from '../../../records/with-alerts.ts';
import type { Assessment } from '../../../store/assessment.ts';

/** A connection with its verdict. */
export interface ScoredConnection {
  readonly endpoint: Endpoint;
  readonly assessment: Assessment;
}

/** A window's verdicts, and the local hosts that try many targets in one of its units. */
export interface ScoredWindow {
  readonly verdicts: ReadonlyMap<ConnectionEntry, ScoredConnection>;
  readonly fanOuts: readonly FanOut[];
}

/** Everything known about the remote address of a connection, including the record's own intelligence. */
export type IntelOf = (record: ConnectionRecord, endpoint: Endpoint) => ThreatIntel | undefined;

/** Scores a window's connections in the units that `push` would pack, so that verdicts match the service's. */
export function scoreWindow(
  window: readonly LogEntry[],
  isLocal: IsLocal,
  assess: Assess,
  intelOf: IntelOf = ({ threat_intel }) => threat_intel,
): ScoredWindow {
  const alerts = new Alerts();
  for (const entry of window) if (entry.kind === 'skipped' && entry.alert) alerts.add(entry.alert);
  const connections = window
    .filter((entry) => entry.kind === 'connection')
    .map((entry) => {
      const endpoint = remoteEndpoint(entry.record, isLocal);
      const added = alerts.isEmpty ? undefined : withAlerts(entry, alerts);
      const record = added?.record ?? entry.record;
      const text = added === undefined ? entry.text : sqsText(added.canonical);
      return { entry, record, endpoint, text, group: endpoint.address };
    });
  const verdicts = new Map<ConnectionEntry, ScoredConnection>();
  const fanOuts: FanOut[] = [];
  for (const { records: unit } of packMessages(connections)) {
    const activity = describeConnections(unit);
    fanOuts.push(...activity.fanOuts);
    const detectionsOf = findDetections(unit);
    for (const { entry, record, endpoint } of unit) {
      const shown = { activity: activity.of(endpoint), detections: detectionsOf(endpoint) };
      const assessment = assess(scoringInput(record, endpoint, intelOf(record, endpoint), shown));
      verdicts.set(entry, { endpoint, assessment });
    }
  }
  return { verdicts, fanOuts };
}
