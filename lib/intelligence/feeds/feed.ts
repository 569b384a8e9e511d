import { isIP } from 'node:net';
import * as z from 'zod';
import { checkWeight, LIST_TRAIT_FIELDS } from '../lists/list-traits.ts';

/** How a feed writes its entries. */
export const FEED_FORMATS = ['lines', 'columns', 'json', 'json-lines', 'zone'] as const;
export type FeedFormat = (typeof FEED_FORMATS)[number];

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;
/** Nobody asks a publisher more than once an hour; a list that nobody fetches for a month is no feed. */
const everyHours = z.int().min(1).max(720);

const licence = z.strictObject({
  /** `CC0-1.0`, or the name of the publisher's terms. */
  name: z.string().min(1).max(100),
  /** Where the terms are read. */
  url: z.url().max(500).optional(),
  /** Who must be named where the list is used. */
  attribution: z.string().min(1).max(300),
});

const fields = z.strictObject({
  /** Names the list, in verdicts, commands and the table: `Spamhaus DROP`. */
  name: LIST_TRAIT_FIELDS.source,
  /** Where it is fetched; without, `entries` are the list. */
  url: z.url().max(1_000).optional(),
  /** Allows `http` where the host is this machine: for mirrors and tests. */
  plainHttp: z.literal(true).optional(),
  /** The list itself, where it is short and hardly changes: addresses, CIDR blocks and ranges. */
  entries: z.array(z.string().min(2).max(100)).min(1).max(1_000).optional(),
  format: z.enum(FEED_FORMATS),
  /** The field of a JSON document that holds the list; without, it is looked for. */
  at: z.string().min(1).max(40).optional(),
  /** Sent with the request as the header `key`, from the parameter that holds this provider's key. */
  keyOf: z.literal('abuseipdb').optional(),
  kind: LIST_TRAIT_FIELDS.kind,
  /** Lists that copy one another, or see the same, are one family: the strongest of them counts. */
  family: LIST_TRAIT_FIELDS.family,
  /** Likelihood ratio of being listed, malicious to harmless addresses; 1 for the neutral kinds. */
  weight: LIST_TRAIT_FIELDS.weight,
  everyHours,
  /** Days after which an entry that is no longer listed counts half; after three times as many it is gone. */
  halfLifeDays: LIST_TRAIT_FIELDS.halfLifeDays,
  /** How long the last good list is used when newer ones cannot be had, days. */
  expiresDays: z.int().min(1).max(365),
  /** The list is sometimes empty, and then that is no fault. */
  mayBeEmpty: z.literal(true).optional(),
  licence,
  /** Why it is not used unless a site switches it on. */
  offBecause: z.string().min(1).max(300).optional(),
});

/** A list that keeps itself up to date. */
export const feedSchema = fields.superRefine(({ url, plainHttp, entries, kind, weight, keyOf }, context) => {
  const refuse = (key: keyof z.output<typeof fields>, message: string) =>
    context.addIssue({ code: 'custom', path: [key], message });
  if ((url === undefined) === (entries === undefined)) refuse('url', 'expected either a url or entries');
  const { protocol, hostname } = (url !== undefined && URL.parse(url)) || {
    protocol: 'https:',
    hostname: '',
  };
  const isPlain = protocol === 'http:' && plainHttp === true && LOOPBACK.test(hostname);
  if (protocol !== 'https:' && !isPlain)
    refuse('url', 'expected https, or http on the loopback interface with "plainHttp": true');
  const mismatch = checkWeight({ kind, weight });
  if (mismatch !== undefined) refuse('weight', mismatch);
  if (keyOf !== undefined && url === undefined) refuse('keyOf', 'expected a url with it');
});

export type Feed = z.output<typeof feedSchema>;
/** As written in a catalogue. */
export type FeedInput = z.input<typeof feedSchema>;

/** Whether a URL may be fetched, also where a server has redirected to it. */
export function isFetchable(url: URL, plainHttp: boolean): boolean {
  const isLoopback = LOOPBACK.test(url.hostname);
  if (url.username !== '' || url.password !== '') return false;
  if (plainHttp && isLoopback) return url.protocol === 'http:' || url.protocol === 'https:';
  // A publisher has a name: a bare address, or this machine, is where a redirect would lead to inner services.
  const isAddress = isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0;
  return url.protocol === 'https:' && !isLoopback && !isAddress;
}
