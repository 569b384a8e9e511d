import * as z from 'zod';
import { parseJson } from '../records/parse-json.ts';
import type { NotifiedObject } from '../store/log-object.ts';

/** The content of an ingest queue message. */
export type Notification =
  | { readonly kind: 'objects'; readonly objects: readonly NotifiedObject[]; readonly ignored: number }
  /** Not a notification; the reason is one line. */
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * An S3 event, sent to the queue directly or through a topic. Source: Amazon S3 User Guide, "Event message structure".
 */
const s3Events = z.looseObject({
  Records: z.array(
    z.looseObject({
      eventSource: z.string(),
      eventName: z.string(),
      s3: z.looseObject({
        bucket: z.looseObject({ name: z.string() }),
        object: z.looseObject({
          key: z.string(),
          size: z.number().optional(),
          eTag: z.string().optional(),
          versionId: z.string().optional(),
        }),
      }),
    }),
  ),
});

/** S3 sends this when notifications are configured. */
const s3Test = z.looseObject({ Service: z.literal('Amazon S3'), Event: z.literal('s3:TestEvent') });

/** Source: Amazon SNS Developer Guide, "Amazon SNS message JSON formats". */
const topicMessage = z.looseObject({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  TopicArn: z.string(),
  Message: z.string(),
});

/** Source: Amazon S3 User Guide, "EventBridge event message structure". */
const busEvent = z.looseObject({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  detail: z.looseObject({
    bucket: z.looseObject({ name: z.string() }),
    object: z.looseObject({
      key: z.string(),
      size: z.number().optional(),
      etag: z.string().optional(),
      'version-id': z.string().optional(),
    }),
  }),
});

/** Our own message: continue an object, or retry it. */
const ownMessage = z.strictObject({
  read_object: z.strictObject({
    bucket: z.string(),
    key: z.string(),
    etag: z.string(),
    version_id: z.string().optional(),
    size: z.number().optional(),
  }),
});

/** A topic's message wraps an S3 message; nothing wraps a topic's. */
const MOST_LAYERS = 2;

/** Parses an ingest queue message: a notification from S3, SNS or EventBridge, or our own message. */
export function readNotification(body: string, layers = MOST_LAYERS): Notification {
  const json = parseJson(body);
  if (!json.ok) return { kind: 'unknown', reason: `not a notification: ${json.reason}` };
  const { value } = json;
  const own = ownMessage.safeParse(value);
  if (own.success) {
    const { version_id: versionId, ...object } = own.data.read_object;
    return objects([{ ...object, versionId }]);
  }
  const events = s3Events.safeParse(value);
  if (events.success) return fromEvents(events.data.Records);
  if (s3Test.safeParse(value).success) return objects([], 1);
  const event = busEvent.safeParse(value);
  if (event.success) return fromBus(event.data);
  const topic = topicMessage.safeParse(value);
  if (!topic.success || layers <= 1) {
    return { kind: 'unknown', reason: 'not a notification: expected one from S3, SNS or EventBridge' };
  }
  return topic.data.Type === 'Notification'
    ? readNotification(topic.data.Message, layers - 1)
    : objects([], 1);
}

/** Body of a message that has an object continued or retried. */
export function ownNotification({ bucket, key, etag, versionId, size }: NotifiedObject): string {
  return JSON.stringify({
    read_object: { bucket, key, etag, version_id: versionId, size },
  } satisfies z.input<typeof ownMessage>);
}

type Events = z.output<typeof s3Events>['Records'];

function fromEvents(records: Events): Notification {
  const found: NotifiedObject[] = [];
  let ignored = 0;
  for (const { eventSource, eventName, s3 } of records) {
    const { key, eTag, size, versionId } = s3.object;
    if (!/s3$/.test(eventSource) || !/^(?:s3:)?ObjectCreated:/.test(eventName)) ignored++;
    else if (eTag === undefined) return { kind: 'unknown', reason: 'a notification without an ETag' };
    else found.push({ bucket: s3.bucket.name, key: decodedKey(key), etag: unquoted(eTag), versionId, size });
  }
  return objects(found, ignored);
}

function fromBus({ 'detail-type': type, detail }: z.output<typeof busEvent>): Notification {
  if (type !== 'Object Created') return objects([], 1);
  const { key, etag, size, 'version-id': versionId } = detail.object;
  if (etag === undefined) return { kind: 'unknown', reason: 'a notification without an ETag' };
  return objects([{ bucket: detail.bucket.name, key, etag: unquoted(etag), versionId, size }]);
}

function objects(found: readonly NotifiedObject[], ignored = 0): Notification {
  // A folder created in the console is an object with an empty body.
  const files = found.filter(({ key, size }) => !(key.endsWith('/') && size === 0));
  return { kind: 'objects', objects: files, ignored: ignored + found.length - files.length };
}

/** S3's own events URL-encode keys; EventBridge's do not. */
function decodedKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

function unquoted(etag: string): string {
  return etag.replace(/^"|"$/g, '');
}
