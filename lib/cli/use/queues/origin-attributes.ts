import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import { numberAttribute, stringAttribute } from '../../../aws/message-attributes.ts';

/**
 * A message's original id and time, as attributes for sending it again. They come from its attributes if it was sent
 * again before or the function gave up on it. SQS itself keeps id and time when it moves a message.
 */
export function originAttributes({
  MessageId = '',
  Attributes,
  MessageAttributes = {},
}: Message): Record<string, MessageAttributeValue> {
  const { source_message_id, sent_at } = MessageAttributes;
  const isKnown = source_message_id?.StringValue !== undefined && sent_at?.StringValue !== undefined;
  return {
    source_message_id: stringAttribute(isKnown ? (source_message_id.StringValue ?? '') : MessageId),
    sent_at: numberAttribute(Number(isKnown ? sent_at.StringValue : Attributes?.SentTimestamp)),
  };
}
