import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';

/** What S3 takes in the name of an object. */
const MOST_BYTES = 1_024;

/**
 * Names an object after a file and the time: two files of one name, as rotation makes them, are two objects.
 *
 * @param file its path, or a word for what has none
 */
export function objectName(file: string, nowMs: number): string {
  const [day, time = ''] = new Date(nowMs).toISOString().split('T');
  const prefix = `uploads/${day}/${time.slice(0, 8).replaceAll(':', '')}-${randomUUID().slice(0, 8)}-`;
  return Buffer.from(prefix + basename(file)).toString('utf8', 0, MOST_BYTES);
}
