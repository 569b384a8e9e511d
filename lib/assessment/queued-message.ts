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
}
