import { contentHash } from '../records/content-hash.ts';

/**
 * Version of what makes messages of a log: which entries share a window, which records a message, and their order.
 * Raise it with any change that makes other messages of the same log: those that are on their way are known by their
 * content. A test holds the messages of a sample against it.
 */
export const PACKER_VERSION = 1;

/** All that the messages of an object depend on beside the object itself. */
export function packerOf(homeNetworks: readonly string[]): string {
  return homeNetworks.length === 0
    ? `${PACKER_VERSION}`
    : `${PACKER_VERSION}.${contentHash(homeNetworks.join())}`;
}
