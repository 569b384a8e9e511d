import * as z from 'zod';
import { BUCKET_NAME, WITHOUT_WILDCARDS } from '../aws/bucket-object.ts';
import { LOG_FORMATS } from '../logs/log-format.ts';
import type { ObjectVersion } from '../store/log-object.ts';

/** Formats for objects; a SQLite database needs a file. */
export const OBJECT_FORMATS = LOG_FORMATS.filter((format) => format !== 'sqlite');

/** A bucket and prefix to read log files from. */
export const logSource = z.strictObject({
  bucket: z.string().regex(BUCKET_NAME, 'expected the name of a bucket'),
  /** Prefix of the keys to read; all keys if absent. */
  prefix: z
    .string()
    .max(1_024)
    .regex(WITHOUT_WILDCARDS, 'expected a prefix without * ? $ { or }, which mean something else in a policy')
    .default(''),
  /** The files' format, if it cannot be detected. */
  format: z.enum(OBJECT_FORMATS).optional(),
});

export type LogSourceSettings = z.output<typeof logSource>;

/** The source of an object: the one with the longest matching prefix; undefined if there is none. */
export function sourceOf(
  sources: readonly LogSourceSettings[],
  { bucket, key }: Pick<ObjectVersion, 'bucket' | 'key'>,
): LogSourceSettings | undefined {
  return sources
    .filter((source) => source.bucket === bucket && key.startsWith(source.prefix))
    .toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
}
