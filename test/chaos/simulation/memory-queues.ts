import { hash } from 'node:crypto';
import type { RejectedEntry } from '../audit/audit-rejections.ts';
import { answerOf, errorAnswer, type QueueEvents, type WireAnswer } from './service.ts';

interface Sent {
  /** Only in messages that are sent one by one. */
  readonly QueueUrl?: string;
  readonly MessageBody: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue: string }>>;
}

interface SendBatch {
  readonly Entries: readonly (Sent & { readonly Id: string })[];
}

interface DeleteBatch {
  readonly Entries: readonly { readonly Id: string; readonly ReceiptHandle: string }[];
}

/** Applies the function's sends and deletions to the queues, like SQS. */
export function applyToQueues(operation: string, body: string, events: QueueEvents): WireAnswer {
  if (operation === 'SendMessage') return bury(JSON.parse(body) as Sent, events);
  if (operation === 'SendMessageBatch') return send(JSON.parse(body) as SendBatch, events);
  if (operation === 'DeleteMessageBatch') return remove(JSON.parse(body) as DeleteBatch, events);
  return errorAnswer(400, 'UnknownOperationException', `the queues in memory do not know ${operation}`);
}

function send({ Entries }: SendBatch, { onRejected }: QueueEvents): WireAnswer {
  const Successful = Entries.map(({ Id, ...sent }) => {
    onRejected(entryOf(sent));
    return { Id, MessageId: `rejected-${Id}`, MD5OfMessageBody: hash('md5', sent.MessageBody) };
  });
  return answerOf({ Successful, Failed: [] });
}

/** Rejections come in batches; dead letters, and messages that wake the announcement sender, come singly. */
function bury(sent: Sent, { onDeadLetter }: QueueEvents): WireAnswer {
  if (sent.QueueUrl?.split('/').at(-1)?.startsWith('dead')) onDeadLetter(entryOf(sent));
  return answerOf({ MessageId: 'dead', MD5OfMessageBody: hash('md5', sent.MessageBody) });
}

function entryOf({ MessageBody, MessageAttributes = {} }: Sent): RejectedEntry {
  const attributes = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]);
  return { text: MessageBody, attributes: Object.fromEntries(attributes) };
}

function remove({ Entries }: DeleteBatch, { onDeleted }: QueueEvents): WireAnswer {
  for (const { ReceiptHandle } of Entries) onDeleted(ReceiptHandle);
  return answerOf({ Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] });
}
