/** How long the event source lets the first message wait for others, seconds. */
export const BATCHING_WINDOW_SECONDS = 2;

/** What is stored so long after it was sent, milliseconds, is as fresh as promised: the window and three seconds. */
export const FRESH_WITHIN_MS = (BATCHING_WINDOW_SECONDS + 3) * 1_000;

/**
 * What waited in the queue for longer, milliseconds, is part of a backlog: of an outage, or of a log that was pushed at
 * once. Its age says nothing about how the service keeps pace; the age of the oldest message is watched by itself.
 */
export const BACKLOG_AFTER_MS = 900_000;
