import { Alerts } from '../records/alerts.ts';
import type { IsLocal } from '../records/locality.ts';
import { parseJson } from '../records/parse-json.ts';
import type { InvalidEntry, LogEntry } from './log-entry.ts';
import type { LogPlace } from './log-place.ts';
import { type OutgoingRecord, outgoingInvalid, outgoingRecord, withDetections } from './outgoing-record.ts';
import { type PackedMessage, packMessages } from './packing.ts';
import { countKind } from './totals.ts';

/** What is packed together: enough to find an address's neighbours, little enough for constant memory. */
export interface WindowSize {
  readonly entries: number;
  /** Closes a window earlier where entries are unusually long. */
  readonly characters: number;
}

/** What a window saves grows with it, and so does memory: a third of the entries would cost half as much again to store. */
export const WINDOW: WindowSize = { entries: 60_000, characters: 2 ** 25 };

/** What a window of the input holds. */
export interface Window {
  readonly records: readonly OutgoingRecord[];
  /** Entries that are not sent since they are no valid connections. */
  readonly invalid: readonly InvalidEntry[];
  /** Entries that are no connections at all, counted by what they are. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Entries in this window. */
  readonly read: number;
  /** Place of its last entry in the input. */
  readonly endPosition: number;
  /** Entries at that place up to the end of the window; the next one may begin with more of them. */
  readonly entriesAtEnd: number;
}

export interface WindowOptions {
  readonly isLocal: IsLocal;
  /** Sends what is no valid record all the same, as far as a message can hold it. */
  readonly sendsInvalid?: boolean;
  /** Entries to pass over. */
  readonly skip?: number;
  /** Where the entries begin, if not at the beginning of the log. */
  readonly from?: LogPlace | undefined;
  /** Closes the first window when so many of its entries are read, as it was closed when it was the last one. */
  readonly firstWindowEntries?: number;
  /**
   * Asked when the entries have ended: where it says so, the last window ends before its first invalid entry, with which
   * nonsense may have begun.
   */
  readonly isDoubtful?: () => boolean;
  /** What was sent before is only found again with the same. */
  readonly size?: WindowSize | undefined;
}

/** Cuts a log into windows. Where one ends depends on its own entries alone. */
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

/** Entries after which a window is closed although hardly any are connections: one that never closes can't be noted. */
const MOST_SKIPPED = 1_000_000;

/** How much a window holds: the one rule by which all who read a log close theirs. */
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

  /** What is skipped takes no room. */
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
  /** What sensors call each of the records. */
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

  /** The window as it is sent: what its alerts say of its connections is part of these. */
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

/** Makes messages of a window: a pure function, so that the same window always gives the same messages. */
export type Packing = (window: Window) => Iterable<PackedMessage<OutgoingRecord>>;

/** One record a message, in the order of the input: as log shippers send. */
export function* singleMessagesOf({ records }: Window): Generator<PackedMessage<OutgoingRecord>> {
  for (const record of records) yield { body: record.text, records: [record] };
}

/**
 * Packs a window's records into messages. Lines that are no records may be one when they stand together: those travel
 * alone, as what they are.
 */
export function* messagesOf({ records: window }: Window): Generator<PackedMessage<OutgoingRecord>> {
  for (const message of packMessages(window)) {
    const { records, body } = message;
    const isUnclear = records.length > 1 && records.every(({ canonical }) => canonical === undefined);
    if (isUnclear && parseJson(body).ok) yield* records.flatMap((record) => [...packMessages([record])]);
    else yield message;
  }
}
