/**
 * Entries from which on a message is a storage unit by itself, known by its content. Larger than this, its items are its
 * own anyway; smaller, it would pay for a summary that it could share.
 */
export const PACKED_ENTRIES = 64;
