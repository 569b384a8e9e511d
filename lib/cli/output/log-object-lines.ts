import { grouped } from '../../statistics/count-text.ts';
import type { LogObject } from '../../store/log-object.ts';
import { kindsOf } from '../results/push-state.ts';
import { printable, styled } from './terminal.ts';

/** An object in two lines: its state and name, then how much of it was read and why no more. */
export function logObjectLines(object: LogObject): string[] {
  const { id, bucket, key, state, notifiedAtMs, reason } = object;
  const name = printable(`s3://${bucket}/${key}`);
  return [
    `${styled('bold', id)}  ${new Date(notifiedAtMs).toISOString()}  ${state}  ${name}`,
    styled('dim', `    ${countsOf(object)}${reason === undefined ? '' : `; ${printable(reason)}`}`),
  ];
}

function countsOf({ progress: { counts }, unit = 'entry' }: LogObject): string {
  const { read, sent, invalid, skipped } = counts;
  if (read === 0) return 'nothing read yet';
  const noConnections = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  return [
    `${grouped(read)} read (by ${unit}): ${grouped(sent)} sent`,
    ...(noConnections === 0 ? [] : [`${grouped(noConnections)} skipped (${printable(kindsOf(skipped))})`]),
    ...(invalid === 0 ? [] : [`${grouped(invalid)} invalid (in the rejected queue)`]),
  ].join(', ');
}

/** Everything known about an object, one line each. */
export function logObjectDetails(object: LogObject): string[] {
  const { progress, size, etag, versionId, format, packer, attempts, leaseUntilMs, updatedAtMs } = object;
  const detail = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [`    ${name}: ${printable(String(value))}`];
  return [
    ...logObjectLines(object),
    ...detail('size, bytes', size),
    ...detail('etag', etag),
    ...detail('version', versionId),
    ...detail('format', format),
    ...detail(`read up to ${object.unit ?? 'entry'}`, progress.position),
    ...detail('messages', progress.counts.messages),
    ...detail('bytes of messages', progress.counts.bytes),
    ...detail('packer', packer),
    ...detail('attempts without progress', attempts),
    ...detail('last change', new Date(updatedAtMs).toISOString()),
    ...detail('being read until', leaseUntilMs === 0 ? undefined : new Date(leaseUntilMs).toISOString()),
  ];
}

/** An object as JSON, for programs. */
export function logObjectJson(object: LogObject): string {
  const { progress, notifiedAtMs, updatedAtMs, leaseUntilMs, versionId, unit, ...others } = object;
  return JSON.stringify({
    ...others,
    version_id: versionId,
    notified_at: new Date(notifiedAtMs).toISOString(),
    updated_at: new Date(updatedAtMs).toISOString(),
    being_read_until: leaseUntilMs === 0 ? undefined : new Date(leaseUntilMs).toISOString(),
    position: progress.position,
    position_unit: unit,
    ...progress.counts,
  });
}
