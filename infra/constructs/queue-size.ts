/**
 * The largest message of every queue: the most that SQS accepts. It is explicit, since documentation of the default
 * differs (256 KiB, 1 MiB): packed messages may be that large, and a rejected or failing one must fit whole where it
 * ends.
 */
export const MAX_MESSAGE_BYTES = 1_048_576;
