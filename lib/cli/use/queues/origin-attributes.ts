import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import { numberAttribute, stringAttribute } from '../../../aws/message-attributes.ts';

/**
 * The id and the time that a message had when it was first sent, as attributes for sending it again. It has them from
 * before, where it was sent again or the function gave it up; SQS itself moves messages with id and time.
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
