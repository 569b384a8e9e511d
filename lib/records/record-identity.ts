import { canonicalJson } from './canonical-json.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { contentHash } from './content-hash.ts';

/**
 * Identity of a record: a hash of the whole canonical record. The sensor's id is not enough, since ids repeat in
 * practice.
 */
export function recordIdentity(record: ConnectionRecord): string {
  return contentHash(canonicalJson(record));
}
