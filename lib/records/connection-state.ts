/**
 * How a connection went. `answered`: the responder accepted it; `unanswered`: no reply; `refused`: the responder or a
 * firewall rejected it; `reset`: accepted, then aborted; `other`: none of these, or the sensor saw only part of it.
 */
export const CONNECTION_STATES = ['answered', 'unanswered', 'refused', 'reset', 'other'] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];
