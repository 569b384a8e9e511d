import { describe, expect, it } from 'vitest';
import { ownNotification, readNotification } from '../../../lib/ingestion/notification.ts';

const OBJECT = { bucket: 'logs', key: 'a b/c+d=1.gz', etag: 'e1', versionId: 'v1', size: 12 };

const s3Event = (changes: { eventName?: string; object?: object } = {}) => ({
  Records: [
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      eventName: changes.eventName ?? 'ObjectCreated:Put',
      s3: {
        bucket: { name: 'logs', arn: 'arn:aws:s3:::logs' },
        object: { key: 'a+b/c%2Bd%3D1.gz', size: 12, eTag: 'e1', versionId: 'v1', ...changes.object },
      },
    },
  ],
});

const busEvent = (type = 'Object Created') => ({
  version: '0',
  source: 'aws.s3',
  'detail-type': type,
  detail: {
    bucket: { name: 'logs' },
    object: { key: 'a b/c+d=1.gz', size: 12, etag: 'e1', 'version-id': 'v1' },
    reason: 'PutObject',
  },
});

const topic = (message: unknown, Type = 'Notification') => ({
  Type,
  TopicArn: 'arn:aws:sns:eu-central-1:111122223333:logs',
  Message: typeof message === 'string' ? message : JSON.stringify(message),
});

describe('a notification', () => {
  it.each([
    ['of S3', s3Event()],
    ['of S3 for an upload in parts', s3Event({ eventName: 'ObjectCreated:CompleteMultipartUpload' })],
    ['of S3 through a topic', topic(s3Event())],
    ['of EventBridge', busEvent()],
    ['of EventBridge through a topic', topic(busEvent())],
  ])('%s names the object as it is called', (_, event) => {
    expect(readNotification(JSON.stringify(event))).toEqual({
      kind: 'objects',
      objects: [OBJECT],
      ignored: 0,
    });
  });

  it('of our own says what it was made of', () => {
    expect(readNotification(ownNotification(OBJECT))).toEqual({
      kind: 'objects',
      objects: [OBJECT],
      ignored: 0,
    });
  });

  it.each([
    ['a test event', { Service: 'Amazon S3', Event: 's3:TestEvent', Time: 'now', Bucket: 'logs' }],
    ['a test event through a topic', topic({ Service: 'Amazon S3', Event: 's3:TestEvent' })],
    ['a removal', s3Event({ eventName: 'ObjectRemoved:Delete' })],
    ['a removal of EventBridge', busEvent('Object Deleted')],
    ["a topic's confirmation", topic('You have chosen to subscribe', 'SubscriptionConfirmation')],
    ['a folder', s3Event({ object: { key: 'a/', size: 0 } })],
  ])('of what is no new file is ignored: %s', (_, event) => {
    expect(readNotification(JSON.stringify(event))).toEqual({ kind: 'objects', objects: [], ignored: 1 });
  });

  it.each([
    ['no JSON', 'hello', 'not a notification'],
    ['a record', '{"src_ip":"192.0.2.1"}', 'expected one from S3'],
    ['a topic in a topic', JSON.stringify(topic(topic(s3Event()))), 'expected one from S3'],
    ['without an ETag', JSON.stringify(s3Event({ object: { eTag: undefined } })), 'without an ETag'],
  ])('that can not be understood says why: %s', (_, body, reason) => {
    expect(readNotification(body)).toEqual({ kind: 'unknown', reason: expect.stringContaining(reason) });
  });
});
