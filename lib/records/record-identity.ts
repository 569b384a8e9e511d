import { canonicalJson } from './canonical-json.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { contentHash } from './content-hash.ts';

/**
 * What makes two records the same one: a hash of the whole canonical record. The sensor's id alone would not
 * do, since it repeats in the field.
 */
export function recordIdentity(record: ConnectionRecord): string {
  return contentHash(canonicalJson(record));
}
