import { expect, it } from 'vitest';
import { seenText } from '../../../../lib/cli/output/seen-text.ts';

const MAY = Date.UTC(2026, 4, 1);
const JUNE = Date.UTC(2026, 5, 1);

it.each([
  [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, ''],
  [MAY, Number.POSITIVE_INFINITY, ', seen since 2026-05-01T00:00:00.000Z'],
  [Number.NEGATIVE_INFINITY, JUNE, ', seen before 2026-06-01T00:00:00.000Z'],
  [MAY, JUNE, ', seen since 2026-05-01T00:00:00.000Z before 2026-06-01T00:00:00.000Z'],
])('says when connections had to be seen: from %d to %d', (fromMs, toMs, text) => {
  expect(seenText({ fromMs, toMs })).toBe(text);
});
