import { ReportedError } from '../errors/reported-error.ts';
import { type ServiceError, toServiceError } from './service-error.ts';

/** For messages: what could not be done. */
export const READ_OBJECT = 'read the object';

/** S3 will not return the object, now or later; the message is one line. */
export class ObjectUnreadableError extends ReportedError {
  override readonly name = 'ObjectUnreadableError';
  readonly code = 'object_unreadable';
}

/** The version being read has been replaced by another. */
export class ObjectReplacedError extends ReportedError {
  override readonly name = 'ObjectReplacedError';
  readonly code = 'object_replaced';
}

/** What S3's errors mean for the reader. Source: Amazon S3 API Reference, "Error responses". */
const REASONS: Readonly<Record<string, string>> = {
  AccessDenied:
    'access is denied, or there is no such object: S3 does not distinguish them for a role that may not list the ' +
    'bucket',
  InvalidObjectState: 'it is archived: restore it first',
  InvalidRequest: 'it is encrypted with a customer-provided key (SSE-C)',
  NoSuchBucket: 'there is no such bucket',
  NoSuchKey: 'the object no longer exists',
  PermanentRedirect: 'the bucket is in another region',
  NoSuchVersion: 'that version of the object no longer exists',
  'KMS.DisabledException': 'it is encrypted with a disabled key',
};

/** Translates an error from S3: the object may be readable later, never, or not in this version. */
export function s3Error(cause: unknown): ServiceError | ObjectUnreadableError | ObjectReplacedError {
  const { name = '', message = '' } = cause as Partial<Error>;
  if (name === 'PreconditionFailed') {
    return new ObjectReplacedError('the object was replaced by another version', { cause });
  }
  const isEncrypted = name === 'AccessDenied' && /kms:/i.test(message);
  const reason = isEncrypted
    ? 'it is encrypted with a key that this role may not use (kms:Decrypt)'
    : REASONS[name];
  if (reason !== undefined) return new ObjectUnreadableError(reason, { cause });
  const error = toServiceError(cause, READ_OBJECT);
  return error.isTransient || error.code === 'credentials'
    ? error
    : new ObjectUnreadableError(error.message, { cause });
}
