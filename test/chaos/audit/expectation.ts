import type { SentBody, SentMessage } from '../workload/sent-message.ts';
import type { StoredSummary } from './stored-form.ts';

/** What was sent, and what was acknowledged. */
export interface Expectation {
  /** Bodies that are units by themselves, by unit. */
  readonly packed: ReadonlyMap<string, SentBody>;
  /** Small messages, by their original id. */
  readonly small: ReadonlyMap<string, SentMessage>;
  /** Remote addresses of all valid records in a minute's small messages, by canonical text. */
  recordsOfMinute(minute: number): ReadonlyMap<string, string>;
  /** Ids of the messages whose body is this unit. */
  messagesOf(unit: string): ReadonlySet<string>;
  /** Whether any of them was acknowledged, so that all its content must be stored. */
  isAcknowledged(unit: string): boolean;
  /** How often statistics may count a small message. */
  mostCounts(messageId: string): number;
}

/** The required content and counts of a unit. */
export interface ExpectedUnit {
  readonly told: string;
  /** The remote address of each distinct record, by canonical text. */
  readonly distinct: ReadonlyMap<string, string>;
  readonly counts: Counts;
  /** Message ids that its summary may count. */
  readonly senders: ReadonlySet<string>;
}

export interface Counts {
  readonly records: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
}

export const COUNTS = [
  'records',
  'stored',
  'duplicates',
  'rejected',
] as const satisfies readonly (keyof Counts)[];

/** The minute in a unit's name; undefined if the unit is a single message. */
export function minuteOfUnit(unit: string): number | undefined {
  const [minute = '', hash] = unit.split('.');
  return hash === undefined ? undefined : Number(minute);
}

/** @returns undefined if nothing was sent for the unit */
export function expectedUnit(
  unit: string,
  summary: StoredSummary | undefined,
  expected: Expectation,
): ExpectedUnit | undefined {
  const body = expected.packed.get(unit);
  if (body !== undefined) {
    const told = `${unit} (${body.shape}, ${body.records} records)`;
    return { told, distinct: body.distinct, counts: countsOf([body]), senders: expected.messagesOf(unit) };
  }
  const minute = minuteOfUnit(unit);
  if (minute === undefined || summary === undefined) return undefined;
  const messages = summary.messages.flatMap((id) => expected.small.get(id) ?? []);
  const distinct = new Map(messages.flatMap(({ body: { distinct: records } }) => [...records]));
  const told = `${unit} (${messages.length} small messages)`;
  const counts = countsOf(messages.map((message) => message.body));
  return { told, distinct, counts, senders: new Set(expected.small.keys()) };
}

/** The counts required in a summary of bodies stored as one unit. */
function countsOf(bodies: readonly SentBody[]): Counts {
  const distinct = new Set(bodies.flatMap((body) => [...body.distinct.keys()]));
  const sum = (count: (body: SentBody) => number) => bodies.reduce((total, body) => total + count(body), 0);
  const rejected = sum((body) => (body.isRejectedWhole ? body.records : body.invalid.length));
  const records = sum((body) => body.records);
  return { records, stored: distinct.size, duplicates: records - rejected - distinct.size, rejected };
}
