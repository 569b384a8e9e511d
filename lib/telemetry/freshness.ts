/** How long the event source waits to fill a batch, in seconds. */
export const BATCHING_WINDOW_SECONDS = 2;

/** Maximum time from sending to stored that counts as fresh, milliseconds: the batching window and three seconds. */
export const FRESH_WITHIN_MS = (BATCHING_WINDOW_SECONDS + 3) * 1_000;

/**
 * A message that waited longer in the queue, in milliseconds, is part of a backlog, from an outage or from a log pushed
 * at once. Its age says nothing about the current pace; a separate alarm watches the age of the oldest message.
 */
export const BACKLOG_AFTER_MS = 900_000;
