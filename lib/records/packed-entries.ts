/**
 * A message with this many entries or more is a storage unit by itself, keyed by its content. A larger one has items of
 * its own anyway; a smaller one would pay for a summary that it could share.
 */
export const PACKED_ENTRIES = 64;
