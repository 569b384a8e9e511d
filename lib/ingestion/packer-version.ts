import { contentHash } from '../records/content-hash.ts';

/**
 * Version of how messages are made from a log: which entries share a window, which records share a message, and their
 * order. Raise it with any change that alters the messages of a log, since messages in flight are identified by their
 * content. A test compares the messages of a sample log.
 */
export const PACKER_VERSION = 1;

/** Everything besides the object that its messages depend on. */
export function packerOf(homeNetworks: readonly string[]): string {
  return homeNetworks.length === 0
    ? `${PACKER_VERSION}`
    : `${PACKER_VERSION}.${contentHash(homeNetworks.join())}`;
}
