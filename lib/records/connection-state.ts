/**
 * How a connection went. `answered`: the responder took it; `unanswered`: it said nothing; `refused`: it, or a firewall,
 * turned it away; `reset`: taken, and broken off; `other`: none of these, or the sensor saw only a part.
 */
export const CONNECTION_STATES = ['answered', 'unanswered', 'refused', 'reset', 'other'] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];
