import type { BusEntry } from '../aws/put-events.ts';
import type { Announcement } from './announcement.ts';
import { DETAIL_TYPES, EVENT_SOURCE } from './event-names.ts';
import { detectionFinding } from './ocsf/detection-finding.ts';

/**
 * Writes an announcement as an event for a bus.
 *
 * @param environment name of the deployment
 */
export function toBusEntry(announcement: Announcement, bus: string, environment: string): BusEntry {
  return {
    bus,
    source: EVENT_SOURCE,
    detailType: DETAIL_TYPES[announcement.kind],
    detail: JSON.stringify(detectionFinding(announcement, environment)),
    timeMs: announcement.decidedAtMs,
  };
}
