import { describe, expect, it } from 'vitest';
import { warningOf } from '../../../../lib/cli/output/function-log.ts';

function entry(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ timestamp: '2026-03-01T12:00:00Z', ...fields });
}

describe('what an operator sees of the function', () => {
  it.each([
    ['a warning', entry({ level: 'WARN', message: 'messages go back' }), 'messages go back'],
    ['an error', entry({ level: 'ERROR', message: 'out of order' }), 'out of order'],
    ['the worst', entry({ level: 'CRITICAL', message: 'the end' }), 'the end'],
    [
      'the reasons of a warning',
      entry({ level: 'WARN', message: 'messages go back', reasons: ['throttled'] }),
      'messages go back: ["throttled"]',
    ],
    [
      'the cause of an error',
      entry({ level: 'ERROR', message: 'failed', error: { name: 'TypeError', message: 'x' } }),
      'failed: {"name":"TypeError","message":"x"}',
    ],
    [
      'reasons rather than a cause',
      entry({ level: 'WARN', message: 'failed', error: 'E', reasons: 'R' }),
      'failed: R',
    ],
    [
      'the reason of an error, and not what it is about',
      entry({ level: 'ERROR', message: 'set aside', key: 'conn.log', reason: 'the format is unknown' }),
      'set aside: the format is unknown',
    ],
    [
      'the problem behind a warning',
      entry({ level: 'WARN', message: 'the settings cannot be used', problem: 'no answer in time' }),
      'the settings cannot be used: no answer in time',
    ],
    ['text that is no log', 'Task timed out after 30 s', 'Task timed out after 30 s'],
    ['JSON that is no log', '42', '42'],
    ['JSON null', 'null', 'null'],
    ['what is cut short', '{"level":"WARN"', '{"level":"WARN"'],
    ['nothing that a terminal obeys', '\u001b[2Jtext\nmore', ' [2Jtext more'],
    ['a message in one line', entry({ level: 'WARN', message: 'two\nlines' }), 'two lines'],
  ])('%s', (_, line, expected) => {
    expect(warningOf(line)).toBe(expected);
  });

  it.each([
    ['information', entry({ level: 'INFO', message: 'started' })],
    ['debugging', entry({ level: 'DEBUG', message: 'x' })],
    ['metrics', JSON.stringify({ _aws: { Timestamp: 1 }, RecordsStored: 3 })],
  ])('is not %s', (_, line) => {
    expect(warningOf(line)).toBeUndefined();
  });
});
