/** A message as SQS delivered it. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly body: string;
  /** SentTimestamp: when the queue first had the message, epoch milliseconds. */
  readonly sentAtMs: number;
  /** ApproximateReceiveCount: 1 at the first delivery. */
  readonly receiveCount: number;
  /** Names this delivery, for deleting the message. */
  readonly receiptHandle: string;
  /** What the message was at first, where it was in the dead-letter queue meanwhile. */
  readonly origin?: MessageOrigin | undefined;
}

/** What stays the same for all deliveries of a message. */
export type MessageOrigin = Pick<QueuedMessage, 'messageId' | 'sentAtMs'>;

export function originOf({ origin, messageId, sentAtMs }: QueuedMessage): MessageOrigin {
  return origin ?? { messageId, sentAtMs };
}

/** Whether an earlier delivery may have stored the message. */
export function mayBeStored({ receiveCount, origin }: QueuedMessage): boolean {
  return receiveCount > 1 || origin !== undefined;
}
