import type { S3Store } from './fauxqs-internals.ts';

/** An object put into a bucket. */
export interface PutObject {
  readonly bucket: string;
  readonly key: string;
  /** In quotation marks, as in HTTP. */
  readonly etag: string;
  readonly size: number;
  readonly how: 'Put' | 'CompleteMultipartUpload';
}

/** Makes a store report each object put into it, which fauxqs does not. */
export function watchObjects(store: S3Store, onObject: (object: PutObject) => void): void {
  const put = store.putObject.bind(store);
  store.putObject = (bucket, key, ...rest) => {
    const object = put(bucket, key, ...rest);
    onObject({ bucket, key, etag: object.etag, size: object.contentLength, how: 'Put' });
    return object;
  };
  const bucketsOfUploads = new Map<string, string>();
  const create = store.createMultipartUpload.bind(store);
  store.createMultipartUpload = (bucket, ...rest) => {
    const id = create(bucket, ...rest);
    bucketsOfUploads.set(id, bucket);
    return id;
  };
  const complete = store.completeMultipartUpload.bind(store);
  store.completeMultipartUpload = (id, parts) => {
    const { key, etag, contentLength } = complete(id, parts);
    const bucket = bucketsOfUploads.get(id) ?? '';
    bucketsOfUploads.delete(id);
    onObject({ bucket, key, etag, size: contentLength, how: 'CompleteMultipartUpload' });
    return store.headObject(bucket, key);
  };
}

/** The message that S3 sends to a queue. Source: Amazon S3 User Guide, "Event message structure". */
export function objectEvent({ bucket, key, etag, size, how }: PutObject, region: string): string {
  const event = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: new Date().toISOString(),
    eventName: `ObjectCreated:${how}`,
    s3: {
      s3SchemaVersion: '1.0',
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: { key: asInForms(key), size, eTag: etag.replaceAll('"', '') },
    },
  };
  return JSON.stringify({ Records: [event] });
}

function asInForms(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}

/** Whether a key would escape from the folder that holds the objects. */
export function leadsOut(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  return path.split('/').some((segment) => /^(?:\.|%2e)+$/i.test(segment));
}
