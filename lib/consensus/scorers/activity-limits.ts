/**
 * The most that activity adds to the log-odds of any scorer that adds them up. With the base rate and whatever the context
 * of a connection adds, unanswered inbound connections alone, which anybody can forge, stay below 0.85, and retries of one
 * dead destination, which a decommissioned server has as well, at 0.6 or below.
 */
export const LARGEST_KNOCK_WEIGHT = 4.2;
export const LARGEST_RETRY_WEIGHT = 2.8;
