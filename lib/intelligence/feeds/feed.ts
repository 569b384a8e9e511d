import { isIP } from 'node:net';
import * as z from 'zod';
import { KMS_KEY_ARN, objectAt } from '../../aws/bucket-object.ts';
import { checkWeight, LIST_TRAIT_FIELDS } from '../lists/list-traits.ts';

/** The format of a feed's entries. */
export const FEED_FORMATS = ['lines', 'columns', 'json', 'json-lines', 'zone'] as const;
export type FeedFormat = (typeof FEED_FORMATS)[number];

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;
/** No publisher is asked more than once an hour; a list fetched less than once a month is not a feed. */
const everyHours = z.int().min(1).max(720);

const licence = z.strictObject({
  /** `CC0-1.0`, or the name of the publisher's terms. */
  name: z.string().min(1).max(100),
  /** The address of the terms. */
  url: z.url().max(500).optional(),
  /** The attribution required where the list is used. */
  attribution: z.string().min(1).max(300),
});

const fields = z.strictObject({
  /** Names the list, in verdicts, commands and the table: `Spamhaus DROP`. */
  name: LIST_TRAIT_FIELDS.source,
  /** Where it is fetched from: an https URL or `s3://bucket/key`; without one, `entries` are the list. */
  url: z.url().max(1_000).optional(),
  /** ARN of the KMS key that encrypts the object in the bucket, if it is a customer managed key. */
  keyArn: z.string().regex(KMS_KEY_ARN, 'expected the ARN of a KMS key').optional(),
  /** Allows `http` if the host is this machine: for mirrors and tests. */
  plainHttp: z.literal(true).optional(),
  /** The list itself, if it is short and hardly ever changes: addresses, CIDR blocks and ranges. */
  entries: z.array(z.string().min(2).max(100)).min(1).max(1_000).optional(),
  format: z.enum(FEED_FORMATS),
  /** The field of a JSON document that holds the list; without it, the reader searches for the list. */
  at: z.string().min(1).max(40).optional(),
  /** Sent with the request as the header `key`; read from the parameter that holds this provider's key. */
  keyOf: z.literal('abuseipdb').optional(),
  kind: LIST_TRAIT_FIELDS.kind,
  /** Lists that copy each other, or have the same sources, are one family, in which only the strongest counts. */
  family: LIST_TRAIT_FIELDS.family,
  /** Likelihood ratio of being listed, malicious to harmless addresses; 1 for the neutral kinds. */
  weight: LIST_TRAIT_FIELDS.weight,
  everyHours,
  /** Days after which an entry that is no longer listed counts half; after three times as many it is dropped. */
  halfLifeDays: LIST_TRAIT_FIELDS.halfLifeDays,
  /** How long the last good list is used if newer ones are not available, days. */
  expiresDays: z.int().min(1).max(365),
  /** An empty list is not an error. */
  mayBeEmpty: z.literal(true).optional(),
  licence,
  /** Why it is off unless a site switches it on. */
  offBecause: z.string().min(1).max(300).optional(),
});

/** A list that is refreshed automatically. */
export const feedSchema = fields.superRefine((feed, context) => {
  const { url, entries, kind, weight, keyOf, keyArn } = feed;
  const refuse = (key: keyof z.output<typeof fields>, message: string) =>
    context.addIssue({ code: 'custom', path: [key], message });
  if ((url === undefined) === (entries === undefined)) refuse('url', 'expected either a url or entries');
  const wrong = url === undefined ? undefined : checkUrl(url, feed);
  if (wrong !== undefined) refuse('url', wrong);
  const mismatch = checkWeight({ kind, weight });
  if (mismatch !== undefined) refuse('weight', mismatch);
  if (keyOf !== undefined && (url === undefined || isInBucket(url)))
    refuse('keyOf', 'expected an https url with it');
  if (keyArn !== undefined && !isInBucket(url))
    refuse('keyArn', 'expected a url such as s3://bucket/key with it');
});

/** @returns what is wrong with it; undefined if nothing is */
function checkUrl(url: string, { plainHttp }: { readonly plainHttp?: true | undefined }): string | undefined {
  if (isInBucket(url)) {
    return objectAt(url) === undefined
      ? 'expected s3://BUCKET/KEY, the key without * ? $ { and }'
      : undefined;
  }
  const { protocol, hostname } = URL.parse(url) ?? { protocol: '', hostname: '' };
  const isPlain = protocol === 'http:' && plainHttp === true && LOOPBACK.test(hostname);
  return protocol === 'https:' || isPlain
    ? undefined
    : 'expected https, s3, or http on the loopback interface with "plainHttp": true';
}

function isInBucket(url: string | undefined): boolean {
  return url?.startsWith('s3:') === true;
}

export type Feed = z.output<typeof feedSchema>;
/** The form used in a catalogue. */
export type FeedInput = z.input<typeof feedSchema>;

/** Whether a URL may be fetched, also as the target of a redirect. */
export function isFetchable(url: URL, plainHttp: boolean): boolean {
  const isLoopback = LOOPBACK.test(url.hostname);
  if (url.username !== '' || url.password !== '') return false;
  if (plainHttp && isLoopback) return url.protocol === 'http:' || url.protocol === 'https:';
  // A publisher has a domain name: a redirect to a bare address, or to this machine, could reach internal services.
  const isAddress = isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0;
  return url.protocol === 'https:' && !isLoopback && !isAddress;
}
