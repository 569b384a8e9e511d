import { randomUUID } from 'node:crypto';
import { ACCOUNT_ID, REGION } from '../account.ts';
import { messageOf } from '../errors.ts';
import { type Emulator, startEmulator } from './emulator.ts';

/** A client's own event, and its bus. */
export interface PutEvent {
  readonly bus: string;
  readonly event: BusEvent;
}

/** Source: EventBridge User Guide, "AWS service event metadata". */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
  readonly Resources?: readonly string[];
  readonly Time?: number;
}

const MOST_ENTRIES = 10;
/** Limit of a request. Source: EventBridge User Guide, "Calculating PutEvents event entry size". */
const MOST_BYTES = 256 * 1024;

/**
 * Starts an EventBridge emulator in this process that accepts events.
 *
 * @param buses names of the existing buses
 * @param onEvent called for each accepted event
 */
export async function startEventBridgeEmulator(
  buses: readonly string[],
  onEvent: (put: PutEvent) => void,
  port?: number,
): Promise<Emulator> {
  const known = new Set(['default', ...buses]);
  return await startEmulator(({ headers, body }) => {
    if (headers['x-amz-target'] !== 'AWSEvents.PutEvents') return failure('UnknownOperationException');
    const entries = readEntries(body);
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    if (entries.length < 1 || entries.length > MOST_ENTRIES || bytes > MOST_BYTES) {
      return failure('ValidationException');
    }
    const results = entries.map((entry) => {
      const taken = readEntry(entry, known);
      if ('bus' in taken) onEvent(taken);
      return taken;
    });
    const answers = results.map((taken) => ('bus' in taken ? { EventId: taken.event.id } : taken));
    return json(200, {
      FailedEntryCount: results.filter((taken) => !('bus' in taken)).length,
      Entries: answers,
    });
  }, port);
}

function readEntries(body: string): readonly Entry[] {
  const { Entries = [] } = JSON.parse(body) as { readonly Entries?: readonly Entry[] };
  return Entries;
}

/** The time always counts 14 bytes. */
function entryBytes({ Source = '', DetailType = '', Detail = '', Resources = [], Time }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : 14);
}

function readEntry(entry: Entry, known: ReadonlySet<string>): PutEvent | EntryFailure {
  const { Source = '', DetailType = '', Detail = '', EventBusName = 'default', Resources = [], Time } = entry;
  const bus = EventBusName.replace(/^arn:[^/]*\//, '');
  if (!known.has(bus)) return { ErrorCode: 'InvalidArgument', ErrorMessage: `there is no bus ${bus}` };
  if (Source === '' || DetailType === '')
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Source and DetailType are required' };
  try {
    const detail: unknown = JSON.parse(Detail);
    if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) throw new Error('no object');
    const time = new Date(Time === undefined ? Date.now() : Time * 1_000);
    return { bus, event: eventOf(Source, DetailType, detail, Resources, time) };
  } catch (error) {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: `Detail is malformed: ${messageOf(error)}` };
  }
}

interface EntryFailure {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

function eventOf(
  source: string,
  detailType: string,
  detail: object,
  resources: readonly string[],
  time: Date,
): BusEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account: ACCOUNT_ID,
    time: time.toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region: REGION,
    resources,
    detail,
  };
}

function failure(type: string) {
  return json(400, { __type: type, message: type });
}

function json(status: number, content: object) {
  return { status, contentType: 'application/x-amz-json-1.1', body: JSON.stringify(content) };
}
