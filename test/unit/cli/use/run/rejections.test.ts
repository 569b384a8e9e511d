import type { Message } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { LedgerMessage } from '../../../../../lib/cli/use/push/ledger.ts';
import { rejectedInputs } from '../../../../../lib/cli/use/run/rejections.ts';

/** A message with records at the given positions of the input; negative ones are invalid. */
function ledger(messageId: string, ...positions: readonly number[]): LedgerMessage {
  const records = positions.map((position) =>
    position < 0 ? { position: -position } : { position, identity: `identity-${position}` },
  );
  return { messageId, contentHash: `hash-of-${messageId}`, records };
}

function entry(source: string, index: number, scope: string, reason = 'why'): Message {
  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
  return {
    MessageAttributes: {
      source_message_id: attribute(source),
      index: attribute(String(index)),
      scope: attribute(scope),
      reason: attribute(reason),
    },
  };
}

function positionsOf(
  message: LedgerMessage,
  queued: readonly Message[],
  others: readonly LedgerMessage[] = [],
) {
  const found = rejectedInputs(queued, [message, ...others]).get(message) ?? new Map();
  return [...found].map(([index, { position }]) => [index, position]);
}

describe('rejected records of the input', () => {
  it('a record is known by source message and index', () => {
    const one = ledger('one', 1, -4, -5);
    const other = ledger('other', 2, -3);
    const queued = [entry('one', 1, 'record', 'first'), entry('other', 1, 'record', 'second')];

    const found = rejectedInputs(queued, [one, other]);

    expect(found).toEqual(
      new Map([
        [one, new Map([[1, { position: 4, reason: 'first' }]])],
        [other, new Map([[1, { position: 3, reason: 'second' }]])],
      ]),
    );
  });

  it('a rest stands for the invalid records from its index on', () => {
    const message = ledger('one', -10, 11, -12, 13, -14, 15);

    expect(positionsOf(message, [entry('one', 2, 'rest')])).toEqual([
      [2, 12],
      [4, 14],
    ]);
  });

  it('a body stands for every record of its message, valid or not', () => {
    const message = ledger('one', -10, 11, -12);

    expect(positionsOf(message, [entry('one', 0, 'body')])).toEqual([
      [0, 10],
      [1, 11],
      [2, 12],
    ]);
  });

  it('an entry that is there more than once counts once', () => {
    const message = ledger('one', -10, -11);
    const queued = [entry('one', 1, 'record'), entry('one', 1, 'record'), entry('one', 0, 'body')];

    expect(positionsOf(message, queued)).toEqual([
      [1, 11],
      [0, 10],
    ]);
  });

  it.each([
    ['of another message', entry('another', 0, 'record')],
    ['without attributes', {}],
    ['beyond the end of the message', entry('one', 2, 'record')],
    ['a rest beyond the end', entry('one', 2, 'rest')],
    ['without a number', entry('one', Number.NaN, 'record')],
  ])('an entry %s is none of them', (_, queued) => {
    expect(positionsOf(ledger('one', -10, -11), [queued])).toEqual([]);
  });
});
