import { gunzipSync } from 'node:zlib';
import type { Alert } from '../alert.ts';
import { concatenatedObjects } from '../concatenated-json.ts';
import { type ConnectionRecord, type ParsedRecord, parseRecord, parseSensed } from '../connection-record.ts';
import { parseJson } from '../parse-json.ts';
import { ecsFields, isEcsEvent } from '../sensors/ecs-fields.ts';
import type { Fields } from '../sensors/sensed.ts';
import { vpcLineFields } from '../sensors/vpc-lines.ts';
import { emptyEnvelope, problemOfText } from './envelope-names.ts';

/** One item of an envelope's content. */
export type Unwrapped =
  | { readonly kind: 'record'; readonly record: ConnectionRecord; readonly canonical: string }
  | { readonly kind: 'skipped'; readonly what: string; readonly alert?: Alert }
  | {
      readonly kind: 'invalid';
      readonly reason: string;
      /** The invalid part; absent if the whole envelope is invalid. */
      readonly text?: string;
    };

/** Limit on what one message or line may unpack to: a compressed megabyte can hold a gigabyte. */
const MAX_UNPACKED_BYTES = 10 * 2 ** 20;
/** Deepest nesting of envelopes: CloudWatch Logs through a stream, a queue and a topic has eight. */
const MAX_DEPTH = 12;

interface Budget {
  bytes: number;
}

/**
 * Unwraps entries from SNS, SQS, EventBridge, Kinesis, Firehose and CloudWatch Logs, Vector, Fluent Bit, Logstash,
 * Filebeat and other shippers. An envelope is opened only if its content is clearly an entry: a record, a sensor's
 * JSON, or a flow log line in AWS's default order.
 *
 * @param value that is neither a record nor a sensor's entry
 * @returns its contents; undefined if it is not an envelope
 */
export function openEnvelope(value: unknown): readonly Unwrapped[] | undefined {
  const budget = { bytes: MAX_UNPACKED_BYTES };
  // Some senders encode JSON twice: the record as a string.
  if (typeof value === 'string') return entriesIn(value, { envelope: {}, depth: 1, budget });
  return isObject(value) ? open(value, 0, budget) : undefined;
}

/** Kind of an envelope without entries, as `aws logs filter-log-events` prints for a quiet hour. */
export const EMPTY_ENVELOPE = 'empty envelope';

function open(envelope: Fields, depth: number, budget: Budget): readonly Unwrapped[] | undefined {
  const empty = emptyEnvelope(envelope);
  if (empty?.kind === 'skipped') return [{ kind: 'skipped', what: empty.text }];
  // An entry with an error is not an envelope, whatever other fields it has.
  if (looksLikeEntry(envelope)) return undefined;
  if (depth > MAX_DEPTH) {
    return [{ kind: 'invalid', reason: `record: more than ${MAX_DEPTH} nested envelopes` }];
  }
  if (empty?.kind === 'invalid') return [{ kind: 'invalid', reason: `record: ${empty.text}` }];
  let problem: readonly Unwrapped[] | undefined;
  for (const [name, read] of CONTENTS) {
    const content = envelope[name];
    if (content === undefined || content === null) continue;
    const found = read(content, name, { envelope, depth: depth + 1, budget });
    if (found?.some(({ kind }) => kind !== 'invalid')) return found;
    problem ??= found;
  }
  // The sensor's original entry, if present, takes precedence over the shipper's translation.
  if (isEcsEvent(envelope)) return [unwrapped(parseSensed(ecsFields(envelope)))];
  return problem ?? onlyEntry(envelope, depth + 1, budget);
}

/** Some shippers name an entry after its log, as in `{"conn": {...}}`: it is the only object there. */
function onlyEntry(envelope: Fields, depth: number, budget: Budget): readonly Unwrapped[] | undefined {
  const [only, ...others] = Object.values(envelope).filter(isObject);
  if (only === undefined || others.length > 0) return undefined;
  const found = entryOf(only, depth, budget, true);
  return found?.some(({ kind }) => kind !== 'invalid') || looksLikeEntry(only) ? found : undefined;
}

interface Place {
  readonly envelope: Fields;
  readonly depth: number;
  readonly budget: Budget;
}

type ReadContent = (content: unknown, name: string, place: Place) => readonly Unwrapped[] | undefined;

/** Fields in which services and shippers put an entry or a list of entries. The first that holds one decides. */
const CONTENTS: readonly (readonly [name: string, read: ReadContent])[] = [
  // CloudWatch Logs subscriptions; `aws logs` output; Logs Insights.
  ['awslogs', readPacked],
  ['logEvents', readList],
  ['events', readList],
  ['results', readResults],
  ['@message', readText],
  // SNS, SQS, Kinesis, EventBridge, Firehose.
  ['Message', readText],
  ['Messages', readList],
  ['Body', readText],
  ['Records', readList],
  ['records', readList],
  ['Sns', readValue],
  ['kinesis', readValue],
  ['body', readText],
  ['detail', readText],
  ['data', readPacked],
  // Vector, Logstash, Filebeat, Fluentd; Fluent Bit and Docker; rsyslog and syslog-ng; Splunk, Cribl; Graylog, Loki,
  // Google Cloud; Kafka Connect.
  ['message', readText],
  ['extractedFields', readValue],
  ['event.original', readText],
  ['log', readText],
  ['msg', readText],
  ['MESSAGE', readText],
  ['_raw', readText],
  ['short_message', readText],
  ['full_message', readText],
  ['line', readText],
  ['textPayload', readText],
  ['jsonPayload', readValue],
  ['event', readEvent],
  ['json', readText],
  ['payload', readText],
  ['value', readText],
  ['_source', readValue],
  ['hits', readValue],
  ['result', readValue],
  // OpenTelemetry.
  ['resourceLogs', readList],
  ['scopeLogs', readList],
  ['logRecords', readList],
  ['stringValue', readText],
  // Loki.
  ['streams', readList],
  ['values', readPairs],
];

/** Text that should hold entries, or an object that should be one. */
function readText(content: unknown, name: string, place: Place): readonly Unwrapped[] | undefined {
  if (typeof content !== 'string') return readValue(content, name, place);
  return entriesIn(content, place) ?? [named(name, problemOfText(content))];
}

function readValue(
  content: unknown,
  name: string,
  { depth, budget }: Place,
): readonly Unwrapped[] | undefined {
  if (Array.isArray(content)) return readList(content, name, { envelope: {}, depth, budget });
  if (!isObject(content)) return undefined;
  return entryOf(content, depth, budget, true) ?? [named(name, 'an object that is not a connection')];
}

/** ECS keeps the original in this field, Splunk the event itself. */
function readEvent(content: unknown, name: string, place: Place): readonly Unwrapped[] | undefined {
  if (isObject(content) && typeof content.original === 'string') {
    return readText(content.original, 'event.original', place);
  }
  return readText(content, name, place);
}

function readList(
  content: unknown,
  name: string,
  { depth, budget }: Place,
): readonly Unwrapped[] | undefined {
  if (!Array.isArray(content)) return undefined;
  if (content.length === 0) return [{ kind: 'skipped', what: EMPTY_ENVELOPE }];
  const entries = content.flatMap((element): readonly Unwrapped[] => {
    if (!isObject(element))
      return [{ ...named(name, 'an element that is not an object'), text: textOf(element) }];
    return (entryOf(element, depth, budget, false) ?? []).map((entry) =>
      entry.kind === 'invalid' && entry.text === undefined ? { ...entry, text: textOf(element) } : entry,
    );
  });
  const [first] = entries;
  // If none of the contents is an entry, the envelope itself is invalid.
  if (first?.kind !== 'invalid' || entries.some(({ kind }) => kind !== 'invalid')) return entries;
  return [{ kind: 'invalid', reason: first.reason }];
}

/** `aws logs get-query-results` output: each result is a list of fields. */
function readResults(content: unknown, name: string, place: Place): readonly Unwrapped[] | undefined {
  if (!Array.isArray(content) || !content.every(Array.isArray)) return undefined;
  const objects = content.map((fields: readonly unknown[]) =>
    Object.fromEntries(fields.filter(isObject).map(({ field, value }) => [String(field), value])),
  );
  return readList(objects, name, place);
}

/** Loki's push format: lines, each after its timestamp. */
function readPairs(content: unknown, name: string, place: Place): readonly Unwrapped[] | undefined {
  if (!Array.isArray(content) || !content.every(Array.isArray)) return undefined;
  return readList(
    content.map(([, line]: readonly unknown[]) => ({ line })),
    name,
    place,
  );
}

/** Base64, usually of compressed data. */
function readPacked(content: unknown, name: string, place: Place): readonly Unwrapped[] | undefined {
  if (isObject(content)) {
    return typeof content.data === 'string'
      ? readPacked(content.data, `${name}.data`, place)
      : readValue(content, name, place);
  }
  if (typeof content !== 'string') return undefined;
  if (!BASE64.test(content)) return readText(content, name, place);
  const bytes = unpacked(Buffer.from(content, 'base64'), place.budget);
  return typeof bytes === 'string' ? [named(name, bytes)] : readText(bytes.toString(), name, place);
}

const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

/** @returns a one-line reason if it cannot be unpacked */
function unpacked(bytes: Buffer, budget: Budget): Buffer | string {
  let plain = bytes;
  try {
    for (let layer = 0; layer < MAX_LAYERS && isGzip(plain); layer++) {
      // Node requires at least 1.
      plain = gunzipSync(plain, { maxOutputLength: Math.max(1, budget.bytes) });
      budget.bytes -= plain.length;
    }
    return plain;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? `compressed data of more than ${MAX_UNPACKED_BYTES / 2 ** 20} MiB`
      : 'compressed data that is damaged or truncated';
  }
}

/** A stream may compress data that CloudWatch Logs has already compressed. */
const MAX_LAYERS = 2;

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The entries of a text; undefined if it holds no object or flow log line. */
function entriesIn(text: string, { depth, budget }: Place): readonly Unwrapped[] | undefined {
  const whole = parseJson(text);
  if (whole.ok) {
    if (Array.isArray(whole.value)) return readList(whole.value, 'array', { envelope: {}, depth, budget });
    return isObject(whole.value) ? entryOf(whole.value, depth, budget, true) : undefined;
  }
  const pieces = text.split('\n').filter((line) => line.trim() !== '');
  let holdsEntry = false;
  const entries = pieces
    .flatMap((line) => (parseJson(line).ok ? [line] : (concatenatedObjects(line) ?? [line])))
    .flatMap((piece): readonly Unwrapped[] => {
      const json = parseJson(piece);
      const parsed =
        json.ok && isObject(json.value) ? entryOf(json.value, depth, budget, false) : flowIn(piece);
      holdsEntry ||= parsed !== undefined;
      const entry = parsed ?? [{ kind: 'invalid' as const, reason: `record: ${problemOfText(piece)}` }];
      return entry.map((each) => (each.kind === 'invalid' ? { ...each, text: each.text ?? piece } : each));
    });
  return holdsEntry ? entries : undefined;
}

function flowIn(line: string): readonly Unwrapped[] | undefined {
  const sensed = vpcLineFields(line);
  return sensed === undefined ? undefined : [unwrapped(parseSensed(sensed))];
}

/** @param isOnly the envelope holds nothing else, so an object that is not a valid entry was still meant as one */
function entryOf(
  value: Fields,
  depth: number,
  budget: Budget,
  isOnly: boolean,
): readonly Unwrapped[] | undefined {
  const parsed = parseRecord(value);
  if (parsed.ok || parsed.skipped !== undefined) return [unwrapped(parsed)];
  const opened = open(value, depth, budget);
  if (opened !== undefined) return opened;
  return isOnly && !looksLikeEntry(value) ? undefined : [unwrapped(parsed)];
}

/** Whether an invalid object was meant as an entry; shippers nest objects of their own too. */
function looksLikeEntry(value: Fields): boolean {
  return (
    'src_ip' in value || 'dst_ip' in value || 'id.orig_h' in value || 'dest_ip' in value || 'srcaddr' in value
  );
}

function unwrapped(parsed: ParsedRecord): Unwrapped {
  if (parsed.ok) return { kind: 'record', record: parsed.record, canonical: parsed.canonical };
  const { skipped, alert, reason } = parsed;
  return skipped === undefined
    ? { kind: 'invalid', reason }
    : { kind: 'skipped', what: skipped, ...(alert !== undefined && { alert }) };
}

function named(name: string, problem: string): { readonly kind: 'invalid'; readonly reason: string } {
  return { kind: 'invalid', reason: `record: an envelope whose "${name}" is ${problem}` };
}

function textOf(value: unknown): string {
  return JSON.stringify(value);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
