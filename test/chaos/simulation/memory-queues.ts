import { hash } from 'node:crypto';
import { answerOf, errorAnswer, type QueueEvents, type WireAnswer } from './service.ts';

interface SendBatch {
  readonly Entries: readonly {
    readonly Id: string;
    readonly MessageBody: string;
    readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue: string }>>;
  }[];
}

interface DeleteBatch {
  readonly Entries: readonly { readonly Id: string; readonly ReceiptHandle: string }[];
}

/** Does what SQS does with what the function sends to queues and deletes from them. */
export function applyToQueues(operation: string, body: string, events: QueueEvents): WireAnswer {
  if (operation === 'SendMessageBatch') return send(JSON.parse(body) as SendBatch, events);
  if (operation === 'DeleteMessageBatch') return remove(JSON.parse(body) as DeleteBatch, events);
  return errorAnswer(400, 'UnknownOperationException', `the queues in memory do not know ${operation}`);
}

function send({ Entries }: SendBatch, { onRejected }: QueueEvents): WireAnswer {
  const Successful = Entries.map(({ Id, MessageBody, MessageAttributes = {} }) => {
    const attributes = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]);
    onRejected({ text: MessageBody, attributes: Object.fromEntries(attributes) });
    return { Id, MessageId: `rejected-${Id}`, MD5OfMessageBody: hash('md5', MessageBody) };
  });
  return answerOf({ Successful, Failed: [] });
}

function remove({ Entries }: DeleteBatch, { onDeleted }: QueueEvents): WireAnswer {
  for (const { ReceiptHandle } of Entries) onDeleted(ReceiptHandle);
  return answerOf({ Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] });
}
