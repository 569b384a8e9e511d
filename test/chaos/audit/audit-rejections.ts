import { originOf, type SentBody, type SentMessage } from '../workload/sent-message.ts';
import type { Discrepancies } from './discrepancies.ts';

/** A message of the rejected queue. */
export interface RejectedEntry {
  readonly text: string;
  /** Message attributes by name. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Above this number, a message's invalid entries come as one text, one a line. */
const MOST_SINGLE = 1_000;

/** Rejections by source message and index. */
export class RejectionLedger {
  readonly #entries = new Map<string, RejectedEntry[]>();
  #fresh: string[] = [];

  add(entry: RejectedEntry): void {
    const key = keyOf(entry.attributes.source_message_id ?? '', Number(entry.attributes.index));
    const there = this.#entries.get(key);
    if (there !== undefined) {
      there.push(entry);
      return;
    }
    this.#entries.set(key, [entry]);
    this.#fresh.push(key);
  }

  /** Source messages and indices rejected since the last call. */
  takeFresh(): readonly string[] {
    return this.#fresh.splice(0);
  }

  /** The text of a rejection, reassembled from its parts; undefined if it or a part is missing. */
  find(
    messageId: string,
    index: number,
  ): { readonly text: string; readonly entry: RejectedEntry } | undefined {
    const entries = this.#entries.get(keyOf(messageId, index));
    const [entry] = entries ?? [];
    if (entries === undefined || entry === undefined) return undefined;
    const texts: string[] = [];
    for (let part = 1; part <= Number(entry.attributes.parts ?? 1); part++) {
      const found = entries.find(({ attributes }) => Number(attributes.part ?? 1) === part);
      if (found === undefined) return undefined;
      texts.push(found.text);
    }
    return { text: texts.join(''), entry };
  }
}

function keyOf(messageId: string, index: number): string {
  return `${messageId} ${index}`;
}

/**
 * Checks that every invalid entry of an acknowledged message was rejected at least once, verbatim and with a reason.
 */
export function auditRejections(
  message: SentMessage,
  ledger: RejectionLedger,
  discrepancies: Discrepancies,
): void {
  const { body } = message;
  const { messageId: id } = originOf(message);
  const expect = (index: number, text: string, count: number) => {
    const found = ledger.find(id, index);
    const told = `${id} ${index} (${body.shape}): ${text.slice(0, 80)}`;
    if (found === undefined) {
      discrepancies.add('a rejection is lost', told);
      return;
    }
    const { reason = '', count: counted = '1' } = found.entry.attributes;
    if (withoutLineEnds(found.text) !== withoutLineEnds(text))
      discrepancies.add('a rejection is not verbatim', `${told} / ${found.text}`);
    if (reason === '') discrepancies.add('a rejection has no reason', told);
    if (Number(counted) !== count)
      discrepancies.add('a rejection counts wrong', `${told}: ${counted} for ${count}`);
  };
  if (body.isRejectedWhole) {
    expect(0, body.text, body.records);
    return;
  }
  for (const { index, text } of body.invalid.slice(0, MOST_SINGLE)) expect(index, text, 1);
  const rest = body.invalid.slice(MOST_SINGLE);
  const [first] = rest;
  if (first !== undefined) expect(first.index, rest.map(({ text }) => text.trim()).join('\n'), rest.length);
}

/** Line ends are not part of an entry, and a message may have any. */
function withoutLineEnds(text: string): string {
  return text.trim().replaceAll(/[ \r]*\n/g, '\n');
}

/** Checks that nothing valid was rejected recently. */
export function auditRejectedPlaces(
  messages: ReadonlyMap<string, SentMessage>,
  ledger: RejectionLedger,
  discrepancies: Discrepancies,
): void {
  for (const key of ledger.takeFresh()) {
    const [id = '', index] = key.split(' ');
    const body = messages.get(id)?.body;
    if (body === undefined) discrepancies.add('a rejection of something that nobody sent', key);
    else if (!body.isRejectedWhole && !invalidPlaces(body).has(Number(index))) {
      discrepancies.add('a valid record was rejected', key);
    }
  }
}

const places = new WeakMap<SentBody, ReadonlySet<number>>();

function invalidPlaces(body: SentBody): ReadonlySet<number> {
  const known = places.get(body) ?? new Set(body.invalid.map(({ index }) => index));
  places.set(body, known);
  return known;
}
