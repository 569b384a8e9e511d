/**
 * The most that activity adds to the log-odds, in the scorers that sum them. With the base rate and the context of a
 * connection, unanswered inbound connections alone, which anybody can forge, stay below 0.85. Retries of one dead
 * destination, as a decommissioned server causes them too, stay at 0.6 or below.
 */
export const LARGEST_KNOCK_WEIGHT = 4.2;
export const LARGEST_RETRY_WEIGHT = 2.8;
