import { Alerts } from '../records/alerts.ts';
import type { IsLocal } from '../records/locality.ts';
import { parseJson } from '../records/parse-json.ts';
import type { InvalidEntry, LogEntry } from './log-entry.ts';
import type { LogPlace } from './log-place.ts';
import { type OutgoingRecord, outgoingInvalid, outgoingRecord, withDetections } from './outgoing-record.ts';
import { type PackedMessage, packMessages } from './packing.ts';
import { countKind } from './totals.ts';

/**
 * Size of a window, the unit of packing: large enough to group an address's records, small enough for constant memory.
 */
export interface WindowSize {
  readonly entries: number;
  /** Closes a window earlier if entries are unusually long. */
  readonly characters: number;
}

/**
 * A larger window packs better but takes more memory: one with a third of the entries would make storage half as
 * expensive again.
 */
export const WINDOW: WindowSize = { entries: 60_000, characters: 2 ** 25 };

/** The contents of a window of the input. */
export interface Window {
  readonly records: readonly OutgoingRecord[];
  /** Invalid entries, which are not sent. */
  readonly invalid: readonly InvalidEntry[];
  /** Entries that are not connections, counted by kind. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Entries in this window. */
  readonly read: number;
  /** Position of its last entry in the input. */
  readonly endPosition: number;
  /** Entries at that position up to the end of the window; the next window may begin with more of them. */
  readonly entriesAtEnd: number;
}

export interface WindowOptions {
  readonly isLocal: IsLocal;
  /** Also sends invalid entries, if a message can hold them. */
  readonly sendsInvalid?: boolean;
  /** Number of entries to skip. */
  readonly skip?: number;
  /** Where the entries begin; at the beginning of the log by default. */
  readonly from?: LogPlace | undefined;
  /** Closes the first window after this many entries, to reproduce a window that was the last one. */
  readonly firstWindowEntries?: number;
  /**
   * Called when the entries have ended. If true, the last window ends before its first invalid entry, which may be
   * garbage.
   */
  readonly isDoubtful?: () => boolean;
  /** Earlier progress can only be matched with the same window size. */
  readonly size?: WindowSize | undefined;
}

/** Splits a log into windows. Where a window ends depends only on its own entries. */
export async function* windowsOf(
  batches: AsyncIterable<readonly LogEntry[]>,
  options: WindowOptions,
): AsyncGenerator<Window> {
  let toSkip = options.skip ?? 0;
  let limit = options.firstWindowEntries ?? Number.POSITIVE_INFINITY;
  let window = new OpenWindow(options, options.from);
  for await (const batch of batches) {
    for (const entry of batch) {
      if (toSkip > 0) {
        toSkip--;
        continue;
      }
      window.add(entry);
      if (!window.isFull && window.read < limit) continue;
      yield window.close();
      window = new OpenWindow(options, window.end);
      limit = Number.POSITIVE_INFINITY;
    }
  }
  const last = options.isDoubtful?.() ? window.beforeInvalid() : window.close();
  if (last.read > 0) yield last;
}

/** Closes a window of mostly skipped entries: progress is only saved when a window closes. */
const MOST_SKIPPED = 1_000_000;

/** Measures how full a window is; everything that reads a log closes windows by this rule. */
export class WindowFill {
  #entries = 0;
  #characters = 0;
  #skipped = 0;
  readonly #size: WindowSize;

  constructor(size: WindowSize = WINDOW) {
    this.#size = size;
  }

  get isFull(): boolean {
    return (
      this.#entries >= this.#size.entries ||
      this.#characters >= this.#size.characters ||
      this.#skipped >= MOST_SKIPPED
    );
  }

  /** Skipped entries take no room. */
  add(entry: LogEntry): void {
    if (entry.kind === 'skipped') {
      this.#skipped++;
      return;
    }
    this.#entries++;
    this.#characters += entry.text.length;
  }
}

class OpenWindow implements Window {
  readonly records: OutgoingRecord[] = [];
  readonly invalid: InvalidEntry[] = [];
  readonly skipped = new Map<string, number>();
  read = 0;
  endPosition: number;
  entriesAtEnd: number;
  #beforeInvalid: Window | undefined;
  readonly #alerts = new Alerts();
  /** The sensor's id of each record. */
  readonly #ids: (string | undefined)[] = [];
  readonly #fill: WindowFill;
  readonly #options: WindowOptions;

  constructor(options: WindowOptions, begin: LogPlace = { position: 0, entries: 0 }) {
    this.endPosition = begin.position;
    this.entriesAtEnd = begin.entries;
    this.#options = options;
    this.#fill = new WindowFill(options.size);
  }

  get isFull(): boolean {
    return this.#fill.isFull;
  }

  get end(): LogPlace {
    return { position: this.endPosition, entries: this.entriesAtEnd };
  }

  /** The window to send, with detections from its alerts added to its connections. */
  close(): Window {
    return this.#alerts.isEmpty ? this : this.#copy();
  }

  /** The window up to its first invalid entry. */
  beforeInvalid(): Window {
    return this.#beforeInvalid ?? this.close();
  }

  #copy(): Window {
    const { records, invalid, skipped, read, endPosition, entriesAtEnd } = this;
    return {
      records: records.map((record, place) =>
        this.#alerts.mayConcern(this.#ids[place]) ? withDetections(record, this.#alerts) : record,
      ),
      invalid: [...invalid],
      skipped: new Map(skipped),
      read,
      endPosition,
      entriesAtEnd,
    };
  }

  add(entry: LogEntry): void {
    if (entry.kind === 'invalid') this.#beforeInvalid ??= this.#copy();
    this.read++;
    this.entriesAtEnd = entry.position === this.endPosition ? this.entriesAtEnd + 1 : 1;
    this.endPosition = entry.position;
    this.#fill.add(entry);
    if (entry.kind === 'skipped') {
      countKind(this.skipped, entry.what, 1);
      if (entry.alert !== undefined) this.#alerts.add(entry.alert);
      return;
    }
    const { isLocal, sendsInvalid } = this.#options;
    if (entry.kind === 'connection') {
      this.#ids[this.records.length] = entry.record.id;
      this.records.push(outgoingRecord(entry, isLocal));
      return;
    }
    const sent = sendsInvalid ? outgoingInvalid(entry) : undefined;
    if (sent === undefined) this.invalid.push(entry);
    else this.records.push(sent);
  }
}

/** Turns a window into messages. Must be pure: the same window always gives the same messages. */
export type Packing = (window: Window) => Iterable<PackedMessage<OutgoingRecord>>;

/** One record a message in input order, as log shippers send. */
export function* singleMessagesOf({ records }: Window): Generator<PackedMessage<OutgoingRecord>> {
  for (const record of records) yield { body: record.text, records: [record] };
}

/**
 * Packs a window's records into messages. Invalid lines could form a valid record together, so those that could travel
 * alone.
 */
export function* messagesOf({ records: window }: Window): Generator<PackedMessage<OutgoingRecord>> {
  for (const message of packMessages(window)) {
    const { records, body } = message;
    const isUnclear = records.length > 1 && records.every(({ canonical }) => canonical === undefined);
    if (isUnclear && parseJson(body).ok) yield* records.flatMap((record) => [...packMessages([record])]);
    else yield message;
  }
}
