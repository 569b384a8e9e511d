/** A message as SQS delivered it. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly body: string;
  /** SentTimestamp: when the queue first received the message, epoch milliseconds. */
  readonly sentAtMs: number;
  /** ApproximateReceiveCount: 1 at the first delivery. */
  readonly receiveCount: number;
  /** Names this delivery, for deleting the message. */
  readonly receiptHandle: string;
  /** The original identity of a message that was redriven from the dead-letter queue. */
  readonly origin?: MessageOrigin | undefined;
}

/** The part that stays the same for all deliveries of a message. */
export type MessageOrigin = Pick<QueuedMessage, 'messageId' | 'sentAtMs'>;

export function originOf({ origin, messageId, sentAtMs }: QueuedMessage): MessageOrigin {
  return origin ?? { messageId, sentAtMs };
}

/** Whether an earlier delivery may have stored the message. */
export function mayBeStored({ receiveCount, origin }: QueuedMessage): boolean {
  return receiveCount > 1 || origin !== undefined;
}
