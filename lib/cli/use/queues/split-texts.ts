import type { Message } from '@aws-sdk/client-sqs';
import { queueEntry } from './queue-entry.ts';

/** A text with the message, or the parts, that hold it. */
export interface Text {
  readonly body: string;
  readonly parts: readonly Message[];
}

/** Reassembles texts that were split over several messages. */
export class SplitTexts {
  readonly #waiting = new Map<string, Message[]>();

  /** @returns the text that the message completes, if it does */
  add(message: Message): Text[] {
    const { rejection } = queueEntry(message);
    if (rejection === undefined || rejection.parts === 1)
      return [{ body: message.Body ?? '', parts: [message] }];
    const key = `${rejection.sourceMessageId}/${rejection.index}`;
    const parts = [...(this.#waiting.get(key) ?? []), message];
    const bodies = new Map(parts.map((part) => [queueEntry(part).rejection?.part ?? 1, part.Body ?? '']));
    if (bodies.size < rejection.parts) {
      this.#waiting.set(key, parts);
      return [];
    }
    this.#waiting.delete(key);
    const ordered = [...bodies].sort(([a], [b]) => a - b).map(([, body]) => body);
    return [{ body: ordered.join(''), parts }];
  }

  /** Messages that hold parts of incomplete texts. */
  get incomplete(): number {
    return [...this.#waiting.values()].flat().length;
  }
}
