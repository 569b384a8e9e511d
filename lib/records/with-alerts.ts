import type { Alerts } from './alerts.ts';
import { type ConnectionRecord, canonicalRecord } from './connection-record.ts';
import { joinDetections } from './flow-detection.ts';

interface Canonical {
  readonly record: ConnectionRecord;
  readonly canonical: string;
}

/**
 * Adds detections from alerts to a record. If the record gets too large, the least severe are left out.
 *
 * @returns undefined if nothing changes
 */
export function withAlerts({ record, canonical }: Canonical, alerts: Alerts): Canonical | undefined {
  const reported = alerts.about(record);
  if (reported.length === 0) return undefined;
  const detections = [...joinDetections([...(record.detections ?? []), ...reported])];
  for (; detections.length > 0; detections.pop()) {
    const added = canonicalRecord({ ...record, detections });
    if (added.ok) return added.canonical === canonical ? undefined : added;
  }
  return undefined;
}
