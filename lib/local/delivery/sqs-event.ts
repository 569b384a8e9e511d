import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import { mapValues } from '../map-values.ts';

/** The source of an event's messages. */
export interface EventOrigin {
  readonly queueArn: string;
  readonly region: string;
}

const ENVELOPE_START = '{"Records":[';
const ENVELOPE_END = ']}';

/** Size of an event without its records and the commas between them, in bytes. */
export const ENVELOPE_BYTES = ENVELOPE_START.length + ENVELOPE_END.length;

/**
 * One record of an SQS event, as JSON.
 * Source: AWS Lambda Developer Guide, "Using Lambda with Amazon SQS", example message event.
 */
export function toRecordJson(message: Message, origin: EventOrigin): string {
  return JSON.stringify({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: mapValues(message.MessageAttributes ?? {}, toEventAttribute),
    md5OfBody: message.MD5OfBody,
    // Like AWS, JSON omits it if a message has no attributes.
    md5OfMessageAttributes: message.MD5OfMessageAttributes,
    eventSource: 'aws:sqs',
    eventSourceARN: origin.queueArn,
    awsRegion: origin.region,
  });
}

/** The event of a batch, joined from its records' JSON, so that megabytes are not serialised twice. */
export function toEventJson(recordJsons: readonly string[]): string {
  return ENVELOPE_START + recordJsons.join(',') + ENVELOPE_END;
}

function toEventAttribute(attribute: MessageAttributeValue) {
  return {
    stringValue: attribute.StringValue,
    binaryValue: attribute.BinaryValue && Buffer.from(attribute.BinaryValue).toString('base64'),
    stringListValues: [],
    binaryListValues: [],
    dataType: attribute.DataType,
  };
}
