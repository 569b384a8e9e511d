import { describe, expect, it } from 'vitest';
import { ENVELOPE_BYTES, toEventJson, toRecordJson } from '../../../../lib/local/delivery/sqs-event.ts';

const ORIGIN = { queueArn: 'arn:aws:sqs:us-east-1:000000000000:work', region: 'us-east-1' };

const ATTRIBUTES = {
  ApproximateReceiveCount: '1',
  SentTimestamp: '1700000000000',
  SenderId: 'AIDAEXAMPLE',
  ApproximateFirstReceiveTimestamp: '1700000000005',
};

describe('toRecordJson', () => {
  it('has every field of an event of AWS, in its case', () => {
    const record = JSON.parse(
      toRecordJson(
        {
          MessageId: 'id',
          ReceiptHandle: 'handle',
          Body: '{"a":1}',
          MD5OfBody: 'md5',
          Attributes: ATTRIBUTES,
        },
        ORIGIN,
      ),
    );

    expect(record).toEqual({
      messageId: 'id',
      receiptHandle: 'handle',
      body: '{"a":1}',
      attributes: ATTRIBUTES,
      messageAttributes: {},
      md5OfBody: 'md5',
      eventSource: 'aws:sqs',
      eventSourceARN: ORIGIN.queueArn,
      awsRegion: 'us-east-1',
    });
  });

  it('carries attributes of text and of binary type', () => {
    const message = {
      MD5OfMessageAttributes: 'md5',
      MessageAttributes: {
        sensor: { DataType: 'String', StringValue: 'north' },
        key: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 3]) },
      },
    };

    const record = JSON.parse(toRecordJson(message, ORIGIN));

    expect(record.md5OfMessageAttributes).toBe('md5');
    expect(record.messageAttributes).toEqual({
      sensor: { dataType: 'String', stringValue: 'north', stringListValues: [], binaryListValues: [] },
      key: { dataType: 'Binary', binaryValue: 'AQID', stringListValues: [], binaryListValues: [] },
    });
  });
});

describe('toEventJson', () => {
  it('wraps the records', () => {
    expect(JSON.parse(toEventJson(['{"messageId":"a"}', '{"messageId":"b"}']))).toEqual({
      Records: [{ messageId: 'a' }, { messageId: 'b' }],
    });
  });

  it('takes as many bytes as announced', () => {
    expect(Buffer.byteLength(toEventJson([]))).toBe(ENVELOPE_BYTES);
  });
});
