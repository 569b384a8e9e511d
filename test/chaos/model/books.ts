import { auditFindings } from '../audit/audit-findings.ts';
import { auditReaders, type ReaderAudit } from '../audit/audit-readers.ts';
import {
  auditRejectedPlaces,
  auditRejections,
  type RejectedEntry,
  RejectionLedger,
} from '../audit/audit-rejections.ts';
import {
  auditItems,
  auditSmallMessages,
  auditUnit,
  readUnits,
  type UnitReading,
} from '../audit/audit-table.ts';
import { Discrepancies } from '../audit/discrepancies.ts';
import type { Expectation } from '../audit/expectation.ts';
import { Outbox } from '../audit/outbox.ts';
import type { WireItem } from '../audit/stored-form.ts';
import { isPacked, minuteOf, originOf, type SentBody, type SentMessage } from '../workload/sent-message.ts';

/** A message in its queue. */
export interface QueuedMessage {
  readonly message: SentMessage;
  receiveCount: number;
  /** Deliveries in progress. */
  flights: number;
  isAcknowledged: boolean;
  /** It is in the dead-letter queue: received too often, or the copy of a message that the function gave up. */
  isDead: boolean;
  /** The function has put a copy of it into the dead-letter queue. */
  isGivenUp: boolean;
  /**
   * Receive counts of deliveries that ended without an answer after work had begun on it, or on a message that may
   * share its group.
   */
  readonly died: Set<number>;
  /** Receive counts of deliveries whose end is recorded in the table. */
  readonly ended: Set<number>;
  /** Another delivery was in progress at the same time as one of the present ones. */
  isOverlapped: boolean;
  /** Receive count of its latest delivery, if work on it died there and its attempts are counted. */
  diedLast: number | undefined;
  /** Deliveries affected by faults other than a message that kills the process. */
  mishaps: number;
}

/** The product's readers, with the data they read. */
export type Readers = Pick<ReaderAudit, 'product' | 'table' | 'range'>;

/** As configured for the deployed work queue. */
const MOST_RECEIVES = 50;
/** With fewer deaths, a message must not be given up. */
const FEWEST_DEATHS = 3;
/** The most deaths that one killing message can cause to others; any more must have another cause. */
const DEATHS_BY_NEIGHBOURS = 1;
/** From this receive count on, the function must count attempts on a message and process it separately. */
export const SUSPECT_RECEIVES = 3;

/** What was sent, what is in progress and what was acknowledged, which determines what must be stored. */
export class Books {
  readonly discrepancies = new Discrepancies();
  readonly #outbox = new Outbox();
  /** Entries of distinct bodies. */
  records = 0;
  messages = 0;
  audits = 0;
  /** Messages that went to the dead-letter queue. */
  deadLetters = 0;
  readonly #queue = new Map<string, QueuedMessage>();
  readonly #bodies = new Map<string, SentBody>();
  readonly #packed = new Map<string, SentBody>();
  /** Small messages by their original id, and their content by minute. */
  readonly #small = new Map<string, SentMessage>();
  readonly #minutes = new Map<number, Map<string, string>>();
  readonly #acknowledgedSmall = new Set<string>();
  readonly #freshSmall = new Set<string>();
  /** How many additional times statistics may count a message, by its original id. */
  readonly #furtherCounts = new Map<string, number>();
  /** Deliveries in progress, by the message's original id. */
  readonly #underWay = new Map<string, number>();
  readonly #senders = new Map<string, Set<string>>();
  readonly #acknowledged = new Set<string>();
  /** By original id. */
  readonly #acknowledgedOrigins = new Set<string>();
  readonly #sent = new Map<string, SentMessage>();
  /** Messages acknowledged since the last audit of rejections. */
  readonly #fresh = new Set<string>();
  readonly #ledger = new RejectionLedger();
  readonly #audited = new WeakSet<WireItem>();
  /** Units with something acknowledged since their last audit. */
  readonly #dirty = new Set<string>();
  #lastReadings: ReadonlyMap<string, UnitReading> = new Map();

  get bodies(): readonly SentBody[] {
    return [...this.#bodies.values()];
  }

  get queued(): readonly QueuedMessage[] {
    return [...this.#queue.values()];
  }

  enqueue(body: SentBody, sentAtMs: number, origin?: SentMessage['origin']): QueuedMessage {
    const message: SentMessage = {
      id: `message-${this.messages++}`,
      body,
      sentAtMs,
      ...(origin !== undefined && { origin }),
    };
    if (isPacked(body)) this.#packed.set(body.unit, body);
    else this.#noteSmall(message);
    if (!this.#bodies.has(body.unit)) this.records += body.records;
    this.#bodies.set(body.unit, body);
    const senders = this.#senders.get(body.unit) ?? new Set();
    this.#senders.set(body.unit, senders.add(originOf(message).messageId));
    this.#sent.set(message.id, message);
    const queued: QueuedMessage = {
      message,
      receiveCount: 0,
      flights: 0,
      isAcknowledged: false,
      isDead: false,
      isGivenUp: false,
      died: new Set(),
      ended: new Set(),
      isOverlapped: false,
      diedLast: undefined,
      mishaps: 0,
    };
    this.#queue.set(message.id, queued);
    return queued;
  }

  #noteSmall(message: SentMessage): void {
    const { messageId } = originOf(message);
    if (!this.#small.has(messageId)) this.#small.set(messageId, message);
    const minute = this.#minutes.get(minuteOf(message)) ?? new Map<string, string>();
    this.#minutes.set(minuteOf(message), minute);
    for (const [canonical, address] of message.body.distinct) minute.set(canonical, address);
  }

  /** How many additional times statistics may count a message. */
  furtherCountsOf(messageId: string): number {
    return this.#furtherCounts.get(messageId) ?? 0;
  }

  /** Allows statistics to count a message once more. */
  noteCountedAgain(messageId: string): void {
    this.#furtherCounts.set(messageId, (this.#furtherCounts.get(messageId) ?? 0) + 1);
  }

  /**
   * Handles a message that the function put into the dead-letter queue.
   *
   * @param isPoison whether a body kills the process
   */
  addDeadLetter({ text, attributes }: RejectedEntry, isPoison: (body: SentBody) => boolean): void {
    const { source_message_id: id = '', sent_at, reason = '' } = attributes;
    const told = `${id} ${reason}`;
    // If an answer was lost, both a message and its copy from the dead-letter queue may be delivered.
    const known = this.queued.filter(({ message }) => originOf(message).messageId === id);
    const [queued] = known
      // Two concurrent deliveries may both give a message up, and so may one of its copy; only those in progress can.
      .filter(({ isAcknowledged, isGivenUp }) => !isAcknowledged || isGivenUp)
      .toSorted((a, b) => Math.sign(b.flights) - Math.sign(a.flights) || deathsOf(b) - deathsOf(a));
    // To one of two concurrent deliveries, the other looks as if it never ended, so it may give up what the other
    // stores.
    const isOverlapped = known.some((each) => each.isOverlapped);
    if (queued === undefined) {
      if (!isOverlapped) this.discrepancies.add('a dead letter that nobody sent', told);
      return;
    }
    const { message, mishaps } = queued;
    if (!isPoison(message.body) && mishaps < FEWEST_DEATHS - DEATHS_BY_NEIGHBOURS) {
      this.discrepancies.add('a neighbour is given up with one that kills', told);
    }
    if (text !== message.body.text) this.discrepancies.add('a dead letter is not verbatim', told);
    const origin = originOf(message);
    if (Number(sent_at) !== origin.sentAtMs) this.discrepancies.add('a dead letter has another time', told);
    if (reason === '') this.discrepancies.add('a dead letter has no reason', told);
    const deaths = deathsOf(queued);
    // Other deliveries in progress look like deaths to the one that gives it up.
    if (deaths + Math.max(0, queued.flights - 1) < FEWEST_DEATHS)
      this.discrepancies.add(`given up after ${deaths} deaths`, told);
    queued.isGivenUp = true;
    this.deadLetters++;
    this.enqueue(message.body, message.sentAtMs, origin).isDead = true;
  }

  /**
   * Redrives the dead-letter queue, under new message ids: our own command adds the original ids, SQS's console keeps
   * existing attributes. @returns the number of messages
   */
  redrive(sentAtMs: number, most = Number.POSITIVE_INFINITY): number {
    const dead = this.queued.filter(({ isDead }) => isDead).slice(0, most);
    for (const [n, { message }] of dead.entries()) {
      this.#queue.delete(message.id);
      const isByConsole = n % 3 === 2;
      this.enqueue(message.body, sentAtMs, isByConsole ? message.origin : originOf(message));
    }
    return dead.length;
  }

  /** Messages that SQS may deliver; those delivered too often go to the dead-letter queue. */
  waiting(): QueuedMessage[] {
    const waiting: QueuedMessage[] = [];
    for (const queued of this.#queue.values()) {
      if (queued.isAcknowledged || queued.isDead || queued.flights > 0) continue;
      if (queued.receiveCount < MOST_RECEIVES) waiting.push(queued);
      else {
        queued.isDead = true;
        this.deadLetters++;
      }
    }
    return waiting;
  }

  /**
   * @param received whether SQS counts another receive
   * @returns the receive count of each message
   */
  takeOff(messages: readonly QueuedMessage[], received = true): ReadonlyMap<QueuedMessage, number> {
    const receiveCounts = new Map<QueuedMessage, number>();
    for (const queued of messages) {
      const { messageId } = originOf(queued.message);
      const underWay = this.#underWay.get(messageId) ?? 0;
      this.#underWay.set(messageId, underWay + 1);
      // Two concurrent deliveries of a small message may both store it, and so may one that looks like the first.
      if (underWay > 0 || (!received && queued.receiveCount === 1)) this.noteCountedAgain(messageId);
      if (queued.flights > 0) queued.isOverlapped = true;
      queued.flights++;
      queued.receiveCount = Math.max(1, queued.receiveCount + (received ? 1 : 0));
      receiveCounts.set(queued, queued.receiveCount);
    }
    return receiveCounts;
  }

  /** Records the attempts stored in the table. A second copy has the receive count of the first. */
  readonly noteBegan = (messageId: string, receiveCount: number): void => {
    this.#queue.get(messageId)?.ended.delete(receiveCount);
  };

  readonly noteEnded = (messageId: string, receiveCounts: readonly number[]): void => {
    for (const count of receiveCounts) this.#queue.get(messageId)?.ended.add(count);
  };

  readonly notePut = (item: WireItem): void => this.#outbox.add(item);

  /**
   * @param receiveCounts the delivery's messages with their receive counts
   * @param answer ids of the messages to be delivered again; undefined if there was no answer
   * @param begun messages on which work had begun
   * @param isMishap whether something failed other than because of a message
   */
  land(
    receiveCounts: ReadonlyMap<QueuedMessage, number>,
    answer: ReadonlySet<string> | undefined,
    begun: ReadonlySet<QueuedMessage> = new Set(receiveCounts.keys()),
    isMishap = true,
  ): void {
    const isGroupBegun = [...begun].some(isSuspect);
    for (const [queued, receiveCount] of receiveCounts) {
      const isDead = answer === undefined && begun.has(queued);
      queued.diedLast = isDead && isSuspect(queued) ? receiveCount : undefined;
      if (isDead || (answer === undefined && isGroupBegun && isSuspect(queued)))
        queued.died.add(receiveCount);
      if (isMishap) queued.mishaps++;
      queued.flights--;
      if (queued.flights === 0) queued.isOverlapped = false;
      const { messageId } = originOf(queued.message);
      this.#underWay.set(messageId, (this.#underWay.get(messageId) ?? 1) - 1);
      if (answer !== undefined && !answer.has(queued.message.id)) this.acknowledge(queued.message.id);
    }
  }

  acknowledge(messageId: string): void {
    const queued = this.#queue.get(messageId);
    if (queued === undefined) return;
    queued.isAcknowledged = true;
    queued.isDead = false;
    // Its copy must be stored instead.
    if (queued.isGivenUp) return;
    this.#acknowledged.add(messageId);
    this.#fresh.add(messageId);
    this.#acknowledgedOrigins.add(originOf(queued.message).messageId);
    if (isPacked(queued.message.body)) {
      this.#dirty.add(queued.message.body.unit);
      return;
    }
    this.#acknowledgedSmall.add(originOf(queued.message).messageId);
    this.#freshSmall.add(originOf(queued.message).messageId);
  }

  addRejection(entry: RejectedEntry): void {
    this.#ledger.add(entry);
  }

  /** Audits everything, or only changes since the last audit. */
  auditTable(items: readonly WireItem[], isWhole = false): void {
    this.audits++;
    const expected = this.#expected;
    auditItems(items, expected, this.discrepancies, this.#audited);
    const readings = readUnits(items, this.discrepancies);
    for (const [unit, reading] of readings) {
      const isChanged = this.#dirty.has(unit) || !isAsBefore(reading, this.#lastReadings.get(unit));
      if (isWhole || isChanged) auditUnit(unit, reading, expected, this.discrepancies);
    }
    for (const unit of isWhole ? this.#packed.keys() : this.#dirty) {
      if (!readings.has(unit)) auditUnit(unit, undefined, expected, this.discrepancies);
    }
    const fresh = isWhole ? this.#acknowledgedSmall : this.#freshSmall;
    if (fresh.size > 0) auditSmallMessages(fresh, readings, expected, this.discrepancies);
    this.#dirty.clear();
    this.#freshSmall.clear();
    this.#lastReadings = readings;
  }

  /** Audits the rejections of all acknowledged messages, or of those since the last audit. */
  auditRejections(isWhole = false): void {
    for (const id of isWhole ? this.#acknowledged : this.#fresh) {
      const message = this.#sent.get(id);
      if (message !== undefined) auditRejections(message, this.#ledger, this.discrepancies);
    }
    this.#fresh.clear();
    auditRejectedPlaces(this.#sent, this.#ledger, this.discrepancies);
  }

  /** Audits that everything is acknowledged, and that the product's readers show what is stored. */
  async auditEnd(items: readonly WireItem[], readers: Readers): Promise<void> {
    const open = this.queued.filter(({ isAcknowledged }) => !isAcknowledged);
    if (open.length > 0) {
      this.discrepancies.add('never acknowledged', open.map(({ message }) => message.id).join(' '));
    }
    this.auditTable(items, true);
    this.auditRejections(true);
    await this.auditReaders(items, readers);
  }

  /** Audits that the product's readers show what summaries name, whatever else is stored. */
  async auditReaders(items: readonly WireItem[], readers: Readers): Promise<void> {
    const readings = readUnits(items, this.discrepancies);
    auditFindings(items, readings, this.discrepancies);
    this.#outbox.audit(items, this.discrepancies);
    await auditReaders({ ...readers, readings, expected: this.#expected, discrepancies: this.discrepancies });
  }

  get #expected(): Expectation {
    return {
      packed: this.#packed,
      small: this.#small,
      recordsOfMinute: (minute) => this.#minutes.get(minute) ?? new Map(),
      messagesOf: (unit) => this.#senders.get(unit) ?? new Set(),
      isAcknowledged: (unit) =>
        this.#packed.has(unit) &&
        !this.#acknowledgedOrigins.isDisjointFrom(this.#senders.get(unit) ?? new Set()),
      mostCounts: (messageId) => 1 + this.furtherCountsOf(messageId),
    };
  }
}

/**
 * Whether a message must be processed alone: its last delivery died, and the table has no other record of it. One of
 * two concurrent deliveries may undo the other's counts.
 */
export function isCharged({ diedLast, ended }: QueuedMessage): boolean {
  return diedLast !== undefined && !ended.has(diedLast);
}

/** @returns the number of deliveries that count against a message */
function deathsOf({ died, ended }: QueuedMessage): number {
  return died.difference(ended).size;
}

function isSuspect({ receiveCount }: QueuedMessage): boolean {
  return receiveCount >= SUSPECT_RECEIVES;
}

/** Items that were not rewritten are the same objects as before. */
function isAsBefore(reading: UnitReading, before: UnitReading | undefined): boolean {
  if (before === undefined || reading.summary !== before.summary) return false;
  return (
    reading.items.length === before.items.length &&
    reading.items.every((item, index) => item === before.items[index])
  );
}
