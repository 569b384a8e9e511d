import type { Message } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { entryJson, entryLines } from '../../../../lib/cli/output/queue-lines.ts';
import { queueEntry } from '../../../../lib/cli/use/queues/queue-entry.ts';

const SENT = Date.parse('2026-03-01T12:00:00.5Z');

function message(attributes: Readonly<Record<string, string>> = {}, Body = '{"dst_port":-1}'): Message {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  return { MessageId: 'entry-1', Body, Attributes: { SentTimestamp: String(SENT) }, MessageAttributes };
}

const REJECTED = { reason: 'dst_port: wrong', source_message_id: 'source-1', index: '7', scope: 'rest' };

describe('an entry for a human', () => {
  it('is its id, when it came and why, then its text', () => {
    expect(entryLines(queueEntry(message(REJECTED)))).toEqual([
      'entry-1  2026-03-01T12:00:00.500Z  dst_port: wrong',
      '    {"dst_port":-1}',
    ]);
  });

  it('has no reason where it was not rejected', () => {
    expect(entryLines(queueEntry(message()))[0]).toBe('entry-1  2026-03-01T12:00:00.500Z');
  });

  it.each([
    [100, 'x'.repeat(100)],
    [101, `${'x'.repeat(100)}...`],
    [1_048_576, `${'x'.repeat(100)}...`],
  ])('shows the beginning of %d characters', (length, expected) => {
    expect(entryLines(queueEntry(message({}, 'x'.repeat(length))))[1]).toBe(`    ${expected}`);
  });

  it('takes two lines, whatever it holds', () => {
    const lines = entryLines(queueEntry(message({ reason: 'a\nb\u001b[2J' }, 'c\r\nd\u0007')));

    expect(lines).toEqual(['entry-1  2026-03-01T12:00:00.500Z  a b [2J', '    c  d ']);
  });
});

describe('an entry for a program', () => {
  it('holds the attributes and the whole text', () => {
    const body = 'x\n'.repeat(500);

    const json = entryJson(queueEntry(message({ ...REJECTED, part: '2', parts: '3' }, body)));

    expect(JSON.parse(json)).toEqual({
      id: 'entry-1',
      sent_at: SENT,
      reason: 'dst_port: wrong',
      source_message_id: 'source-1',
      index: 7,
      scope: 'rest',
      count: 1,
      part: 2,
      parts: 3,
      body,
    });
    expect(json).not.toContain('\n');
  });

  it('is the only part where it does not say otherwise', () => {
    expect(JSON.parse(entryJson(queueEntry(message(REJECTED))))).toMatchObject({ part: 1, parts: 1 });
  });

  it('has no attributes where it was not rejected', () => {
    expect(JSON.parse(entryJson(queueEntry(message())))).toEqual({
      id: 'entry-1',
      sent_at: SENT,
      body: '{"dst_port":-1}',
    });
  });
});
