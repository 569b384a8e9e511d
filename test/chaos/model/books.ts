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
  /** Deliveries under way. */
  flights: number;
  isAcknowledged: boolean;
  /** It waits in the dead-letter queue: SQS handed it out too often, or it is the copy of one that was given up. */
  isDead: boolean;
  /** The function put a copy of it into the dead-letter queue. */
  isGivenUp: boolean;
  /**
   * Deliveries that ended without an answer after work on it had begun, or on one that it may form a group with, by receive
   * count.
   */
  readonly died: Set<number>;
  /** Deliveries of which the table holds that work on it ended, by receive count. */
  readonly ended: Set<number>;
  /** Another delivery was under way at some time of those that are now. */
  isOverlapped: boolean;
  /** The receive count of its latest delivery, where work on it died in that and its attempts are counted. */
  diedLast: number | undefined;
  /** Deliveries around which something else went wrong than that a message killed the process. */
  mishaps: number;
}

/** The product's readers, with what they read. */
export type Readers = Pick<ReaderAudit, 'product' | 'table' | 'range'>;

/** As the work queue is deployed. */
const MOST_RECEIVES = 50;
/** Fewer deaths are no reason to give a message up. */
const FEWEST_DEATHS = 3;
/** As many as one that kills can cause: the others must have come about otherwise. */
const DEATHS_BY_NEIGHBOURS = 1;
/** From which delivery on the function is to count attempts on a message, and to hold it apart. */
export const SUSPECT_RECEIVES = 3;

/** What was sent, what is under way and what was acknowledged, and so what must be stored. */
export class Books {
  readonly discrepancies = new Discrepancies();
  readonly #outbox = new Outbox();
  /** Entries of distinct bodies. */
  records = 0;
  messages = 0;
  audits = 0;
  /** Messages that came to the dead-letter queue. */
  deadLetters = 0;
  readonly #queue = new Map<string, QueuedMessage>();
  readonly #bodies = new Map<string, SentBody>();
  readonly #packed = new Map<string, SentBody>();
  /** Small messages by the id that they had at first, and what they hold by their minute. */
  readonly #small = new Map<string, SentMessage>();
  readonly #minutes = new Map<number, Map<string, string>>();
  readonly #acknowledgedSmall = new Set<string>();
  readonly #freshSmall = new Set<string>();
  /** How often more than once statistics may count a message, by the id that it had at first. */
  readonly #furtherCounts = new Map<string, number>();
  /** Deliveries under way, by the id that their message had at first. */
  readonly #underWay = new Map<string, number>();
  readonly #senders = new Map<string, Set<string>>();
  readonly #acknowledged = new Set<string>();
  /** By the ids that they had at first. */
  readonly #acknowledgedOrigins = new Set<string>();
  readonly #sent = new Map<string, SentMessage>();
  /** Messages acknowledged since rejections were last audited. */
  readonly #fresh = new Set<string>();
  readonly #ledger = new RejectionLedger();
  readonly #audited = new WeakSet<WireItem>();
  /** Units of which something was acknowledged since they were last audited. */
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

  /** How often more than once statistics may count a message. */
  furtherCountsOf(messageId: string): number {
    return this.#furtherCounts.get(messageId) ?? 0;
  }

  /** Notes that statistics may count a message once more. */
  noteCountedAgain(messageId: string): void {
    this.#furtherCounts.set(messageId, (this.#furtherCounts.get(messageId) ?? 0) + 1);
  }

  /**
   * Takes what the function put into the dead-letter queue.
   *
   * @param isPoison says of a body whether it kills the process
   */
  addDeadLetter({ text, attributes }: RejectedEntry, isPoison: (body: SentBody) => boolean): void {
    const { source_message_id: id = '', sent_at, reason = '' } = attributes;
    const told = `${id} ${reason}`;
    // Where an answer was lost, a message and its copy from the dead-letter queue may both be delivered.
    const known = this.queued.filter(({ message }) => originOf(message).messageId === id);
    const [queued] = known
      // Two deliveries at a time may both give a message up, and its copy may be given up too: whoever does is under way.
      .filter(({ isAcknowledged, isGivenUp }) => !isAcknowledged || isGivenUp)
      .toSorted((a, b) => Math.sign(b.flights) - Math.sign(a.flights) || deathsOf(b) - deathsOf(a));
    // For one of two deliveries at a time, the other looks as if it never ended: it may give up what that one stores.
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
    // Other deliveries that are under way look like deaths to the one that gives it up.
    if (deaths + Math.max(0, queued.flights - 1) < FEWEST_DEATHS)
      this.discrepancies.add(`given up after ${deaths} deaths`, told);
    queued.isGivenUp = true;
    this.deadLetters++;
    this.enqueue(message.body, message.sentAtMs, origin).isDead = true;
  }

  /**
   * Sends what is in the dead-letter queue again, under other message ids: our own command says what they were at first,
   * the console of SQS keeps what attributes there are. @returns how many messages that were
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

  /** Messages that SQS would hand out; those that it has handed out too often go to the dead-letter queue. */
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
   * @returns the receive count that each of them comes with
   */
  takeOff(messages: readonly QueuedMessage[], received = true): ReadonlyMap<QueuedMessage, number> {
    const receiveCounts = new Map<QueuedMessage, number>();
    for (const queued of messages) {
      const { messageId } = originOf(queued.message);
      const underWay = this.#underWay.get(messageId) ?? 0;
      this.#underWay.set(messageId, underWay + 1);
      // Two deliveries at a time may store a small message each, as may one that looks like the first again.
      if (underWay > 0 || (!received && queued.receiveCount === 1)) this.noteCountedAgain(messageId);
      if (queued.flights > 0) queued.isOverlapped = true;
      queued.flights++;
      queued.receiveCount = Math.max(1, queued.receiveCount + (received ? 1 : 0));
      receiveCounts.set(queued, queued.receiveCount);
    }
    return receiveCounts;
  }

  /** Notes what the table holds of attempts on a message. A second copy comes with the count of the first. */
  readonly noteBegan = (messageId: string, receiveCount: number): void => {
    this.#queue.get(messageId)?.ended.delete(receiveCount);
  };

  readonly noteEnded = (messageId: string, receiveCounts: readonly number[]): void => {
    for (const count of receiveCounts) this.#queue.get(messageId)?.ended.add(count);
  };

  readonly notePut = (item: WireItem): void => this.#outbox.add(item);

  /**
   * @param receiveCounts the messages of a delivery, with what they came with
   * @param answer the ids of the messages to be delivered again; undefined if there was no answer
   * @param begun those on which work had begun
   * @param isMishap whether something went wrong beside what messages did
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

  /** Audits what changed since the last time, or everything. */
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

  /** Audits the rejections of messages that were acknowledged since the last time, or of all. */
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
 * Whether a message must be worked on alone: its last delivery died, and the table holds nothing else about that. What one
 * of two deliveries at a time reports may take back what was counted of the other.
 */
export function isCharged({ diedLast, ended }: QueuedMessage): boolean {
  return diedLast !== undefined && !ended.has(diedLast);
}

/** @returns how many deliveries speak against a message */
function deathsOf({ died, ended }: QueuedMessage): number {
  return died.difference(ended).size;
}

function isSuspect({ receiveCount }: QueuedMessage): boolean {
  return receiveCount >= SUSPECT_RECEIVES;
}

/** Items that were not written since are the objects they were. */
function isAsBefore(reading: UnitReading, before: UnitReading | undefined): boolean {
  if (before === undefined || reading.summary !== before.summary) return false;
  return (
    reading.items.length === before.items.length &&
    reading.items.every((item, index) => item === before.items[index])
  );
}
