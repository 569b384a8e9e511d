import type { MessageAttributeValue } from 'fauxqs';
import type { SqsApp } from '../emulators/fauxqs-internals.ts';
import type { UsageMeter } from './usage.ts';

/** SQS charges each started 64 KB of a payload as a request. */
const BILLED_CHUNK_BYTES = 64 * 1024;

interface SqsMessageBody {
  readonly MessageBody?: string;
  readonly Body?: string;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttributeValue>>;
}

interface SqsRequestBody extends SqsMessageBody {
  readonly Entries?: readonly SqsMessageBody[];
}

interface SqsResponseBody {
  readonly Messages?: readonly SqsMessageBody[];
}

/** Counts the requests to an SQS emulator, as made and as charged. */
export function meterSqs(app: SqsApp, meter: UsageMeter): void {
  app.addHook('preSerialization', (request, _reply, payload, done) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target.startsWith('AmazonSQS.')) {
      const operation = target.slice('AmazonSQS.'.length);
      const messages = messagesOf(operation, request.body as SqsRequestBody, payload as SqsResponseBody);
      const isEmptyReceive = operation === 'ReceiveMessage' && messages.length === 0;
      meter.countSqsRequest(operation, billedRequests(messages), isEmptyReceive);
    }
    done(null, payload);
  });
}

function messagesOf(
  operation: string,
  request: SqsRequestBody,
  response: SqsResponseBody,
): readonly SqsMessageBody[] {
  switch (operation) {
    case 'SendMessage':
      return [request];
    case 'SendMessageBatch':
      return request.Entries ?? [];
    case 'ReceiveMessage':
      return response.Messages ?? [];
    default:
      return [];
  }
}

function billedRequests(messages: readonly SqsMessageBody[]): number {
  const bytes = messages.reduce((sum, message) => sum + messageBytes(message), 0);
  return Math.max(1, Math.ceil(bytes / BILLED_CHUNK_BYTES));
}

/** A message's size: its body, and name, type and value of each attribute. */
function messageBytes(message: SqsMessageBody): number {
  let bytes = Buffer.byteLength(message.MessageBody ?? message.Body ?? '');
  for (const [name, attribute] of Object.entries(message.MessageAttributes ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType);
    bytes += Buffer.byteLength(attribute.StringValue ?? '');
    bytes += Buffer.byteLength(attribute.BinaryValue ?? '', 'base64');
  }
  return bytes;
}
