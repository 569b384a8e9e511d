import * as z from 'zod';
import { LOG_FORMATS } from '../logs/log-format.ts';
import type { ObjectVersion } from '../store/log-object.ts';

/** Names of buckets. Source: Amazon S3 User Guide, "General purpose bucket naming rules". */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Formats that an object may be read as: a database needs a file. */
export const OBJECT_FORMATS = LOG_FORMATS.filter((format) => format !== 'sqlite');

/** Where log files are read from. */
export const logSource = z.strictObject({
  bucket: z.string().regex(BUCKET, 'expected the name of a bucket'),
  /** Of the keys that are read; all without. */
  prefix: z
    .string()
    .max(1_024)
    .regex(/^[^*?${}]*$/, 'expected a prefix without * ? $ { or }, which mean something else in a policy')
    .default(''),
  /** Of the files there, where they don't show it themselves. */
  format: z.enum(OBJECT_FORMATS).optional(),
});

export type LogSourceSettings = z.output<typeof logSource>;

/** The source that an object belongs to: the one with the longest prefix; undefined if there is none. */
export function sourceOf(
  sources: readonly LogSourceSettings[],
  { bucket, key }: Pick<ObjectVersion, 'bucket' | 'key'>,
): LogSourceSettings | undefined {
  return sources
    .filter((source) => source.bucket === bucket && key.startsWith(source.prefix))
    .toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
}
