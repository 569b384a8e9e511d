import { type ItemKey, idOfLogObject } from './keys.ts';
import type { LogObject, ObjectProgress, ObjectState } from './log-object.ts';

/** The state of a log file, as the table holds it. */
export interface LogObjectItem extends ItemKey {
  readonly schema: number;
  readonly time_bucket: string;
  /** When a notification first arrived, epoch milliseconds; the name is the time index's. */
  readonly ingested_at: number;
  /** Epoch seconds. */
  readonly expires_at: number;
  readonly bucket: string;
  readonly object_key: string;
  readonly etag: string;
  readonly version_id?: string;
  readonly size?: number;
  readonly object_state: ObjectState;
  readonly packer: string;
  readonly progress: ObjectProgress;
  readonly attempts: number;
  readonly lease_until: number;
  /** Who has the lease. */
  readonly lease_owner?: string;
  readonly updated_at: number;
  readonly format?: string;
  readonly position_unit?: string;
  readonly reason?: string;
}

/** Reads an item. */
export function logObjectOf(item: LogObjectItem): LogObject {
  return {
    id: idOfLogObject(item),
    bucket: item.bucket,
    key: item.object_key,
    etag: item.etag,
    versionId: item.version_id,
    size: item.size,
    state: item.object_state,
    notifiedAtMs: item.ingested_at,
    updatedAtMs: item.updated_at,
    packer: item.packer,
    progress: item.progress,
    attempts: item.attempts,
    leaseUntilMs: item.lease_until,
    format: item.format,
    unit: item.position_unit,
    reason: item.reason,
  };
}
