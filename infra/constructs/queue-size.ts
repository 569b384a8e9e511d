/**
 * The largest message of every queue: as much as SQS takes in one. It is stated, since descriptions of the default differ
 * (256 KiB, 1 MiB): packed messages may be as large, and a rejected or failing one must fit whole where it ends.
 */
export const MAX_MESSAGE_BYTES = 1_048_576;
