import { pick, type Random, seededRandom, wholeNumber } from '../../bench/random.ts';
import { canonicalText, shortHash } from './canonical.ts';
import {
  accusedRecord,
  heavyRecord,
  invalidText,
  type MadeRecord,
  plainRecord,
  remoteAddress,
  richRecord,
  spelled,
} from './records.ts';
import type { InvalidEntry, SentBody } from './sent-message.ts';

/**
 * Kinds of bodies. `one_address` and `heavy` fill several items of one address, `scan` has one address per record, and
 * `rubbish` holds hardly any valid record.
 */
export const SHAPES = [
  'single',
  'packed',
  'rich',
  'scan',
  'one_address',
  'heavy',
  'accused',
  'invalid',
  'rubbish',
] as const;
export type Shape = (typeof SHAPES)[number];

export interface BodyOrder {
  readonly shape: Shape;
  /** Approximate number of records; some shapes choose their own. */
  readonly records: number;
  readonly seed: number;
}

type Entry = MadeRecord | string;

const BASE_TIME = 1_700_000_000;
/** Chosen so that records of different messages interleave, some at exactly the same time. */
const TIME_SPAN_SECONDS = 50_000;
/** SQS's limit for a message. */
const MOST_BYTES = 1_048_000;

/** Makes a body; the same order and addresses always give the same one. */
export function makeBody({ shape, records, seed }: BodyOrder, addresses: readonly string[]): SentBody {
  const random = seededRandom(seed);
  if (shape === 'rubbish') return rubbish(records, addresses, random);
  const isArray = shape !== 'heavy' && random() < 0.25;
  const entries: Entry[] = [];
  let room = MOST_BYTES;
  for (const entry of entriesOf(shape, records, isArray, addresses, random)) {
    room -= Buffer.byteLength(typeof entry === 'string' ? entry : JSON.stringify(entry)) + 80;
    if (room < 0) break;
    entries.push(entry);
    if (random() < 0.02) entries.push(entry);
  }
  return finish(shape, entries, isArray || isLoneArray(entries), random);
}

/** A line that is a JSON array by itself would be a body of several entries. */
function isLoneArray([entry, ...others]: readonly Entry[]): boolean {
  return others.length === 0 && typeof entry === 'string' && entry.startsWith('[');
}

function* entriesOf(
  shape: Exclude<Shape, 'rubbish'>,
  records: number,
  isArray: boolean,
  addresses: readonly string[],
  random: Random,
): Generator<Entry> {
  const time = () => BASE_TIME + wholeNumber(0, TIME_SPAN_SECONDS, random);
  const fine = () => Math.round((time() + random()) * 1e6) / 1e6;
  const mine = Array.from({ length: wholeNumber(1, 12, random) }, () => pick(addresses, random));
  const [only = ''] = mine;
  const count = shape === 'single' ? 1 : records;
  for (let n = 0; n < count; n++) {
    switch (shape) {
      case 'single':
      case 'rich':
        yield richRecord(pick(mine, random), fine(), random);
        break;
      case 'packed':
        yield plainRecord(mine[Math.floor((n / count) * mine.length)] ?? only, time(), random);
        break;
      case 'scan':
        yield plainRecord(`45.${(n >> 8) & 255}.${n & 255}.${wholeNumber(1, 3, random)}`, time(), random);
        break;
      case 'one_address':
        yield plainRecord(only, time(), random);
        break;
      case 'accused':
        yield accusedRecord(only, time(), random);
        break;
      case 'heavy':
        yield heavyRecord(only, time(), wholeNumber(200, 3_600, random), random);
        break;
      case 'invalid': {
        const record = richRecord(pick(mine, random), fine(), random);
        yield random() < 0.3 ? invalidText(record, isArray, random) : record;
      }
    }
  }
}

function finish(shape: string, entries: readonly Entry[], isArray: boolean, random: Random): SentBody {
  const isPlain = shape === 'packed' || shape === 'one_address' || shape === 'scan';
  const texts = entries.map((entry) => {
    if (typeof entry === 'string') return entry;
    return JSON.stringify(isPlain ? entry : spelled(entry, random));
  });
  // A single invalid entry is a body of its own kind: it may not be an object.
  const ending = random() < 0.3 ? '\n' : '';
  const separator = isArray ? pick([',', ', ', ',\n '], random) : pick(['\n', '\n', '\r\n', '\n \n'], random);
  const text = isArray ? `[${texts.join(separator)}]` : `${texts.join(separator)}${ending}`;
  const distinct = new Map<string, string>();
  const invalid: InvalidEntry[] = [];
  let valid = 0;
  entries.forEach((entry, index) => {
    if (typeof entry === 'string') {
      invalid.push({ index, text: entry });
      return;
    }
    valid++;
    distinct.set(canonicalText(entry), remoteAddress(entry));
  });
  return {
    unit: shortHash(text),
    text,
    shape,
    records: entries.length,
    distinct,
    duplicates: valid - distinct.size,
    invalid,
    isRejectedWhole: valid === 0 && !hasObject(texts),
  };
}

function hasObject(texts: readonly string[]): boolean {
  // One JSON value is a malformed record, whatever it is.
  if (texts.length === 1 && isJson(texts[0] ?? '')) return true;
  return texts.some((text) => text.startsWith('{') && isJson(text));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function rubbish(records: number, addresses: readonly string[], random: Random): SentBody {
  const kind = wholeNumber(0, 4, random);
  if (kind === 0) return whole(`this is no JSON ${random()}`, 1);
  if (kind === 1) return whole(`[${Math.floor(random() * 1e9)},2,3]`, 3);
  if (kind === 2) return whole(`<xml>${random()}</xml>\n<xml/>\n{`, 3);
  const objects = kind === 3 ? Math.min(records, 30) : 1_000 + (records % 200);
  const entries = Array.from({ length: objects }, (_, n): Entry => {
    if (kind === 4 && n % 97 === 0) return plainRecord(pick(addresses, random), BASE_TIME + n, random);
    return `{"n":${n}, "salt": ${Math.floor(random() * 1e9)}}`;
  });
  return finish('rubbish', entries, false, random);
}

function whole(text: string, records: number): SentBody {
  return {
    unit: shortHash(text),
    text,
    shape: 'rubbish',
    records,
    distinct: new Map(),
    duplicates: 0,
    invalid: [{ index: 0, text }],
    isRejectedWhole: true,
  };
}
