import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';

/** S3's limit for an object key. */
const MOST_BYTES = 1_024;

/**
 * Derives an object key from a file's name and the time, so that two files of the same name, as after rotation, become
 * two objects.
 *
 * @param file its path, or a word if it has none
 */
export function objectName(file: string, nowMs: number): string {
  const [day, time = ''] = new Date(nowMs).toISOString().split('T');
  const prefix = `uploads/${day}/${time.slice(0, 8).replaceAll(':', '')}-${randomUUID().slice(0, 8)}-`;
  return Buffer.from(prefix + basename(file)).toString('utf8', 0, MOST_BYTES);
}
