import type { QueueResource } from '../../options/target.ts';

/** A queue that messages end in, and how its commands speak of it. */
export interface EndQueue {
  readonly command: string;
  readonly resource: QueueResource;
  readonly name: string;
  readonly summary: string;
  /** A text that an entry to send back may hold, for the examples. */
  readonly example: string;
}

export const REJECTED: EndQueue = {
  command: 'rejected',
  resource: 'rejectedQueueUrl',
  name: 'the rejected queue',
  summary: 'see invalid records and why, and send them back after a fix',
  example: 'dst_port',
};

export const DEAD_LETTER: EndQueue = {
  command: 'dlq',
  resource: 'deadLetterQueueUrl',
  name: 'the dead-letter queue',
  summary: 'see messages that kept failing, and send them back after a fix',
  example: '203.0.113.201',
};
