import { afterEach, describe, expect, it, vi } from 'vitest';
import { readText, storeText, withStoredText } from '../../../lib/store/stored-text.ts';

const zlib = vi.hoisted(() => ({ isBroken: false }));
vi.mock(import('node:zlib'), async (original) => {
  const { deflateSync, ...others } = await original();
  const deflateOrFail: typeof deflateSync = (...args) => {
    if (zlib.isBroken) throw new RangeError('out of memory');
    return deflateSync(...args);
  };
  return { ...others, deflateSync: deflateOrFail };
});

afterEach(() => {
  zlib.isBroken = false;
});

describe('storeText', () => {
  it.each([
    ['up to 724 bytes as it is', 'x'.repeat(724), 'string'],
    ['from 725 bytes on compressed', 'x'.repeat(725), 'object'],
    ['of 362 characters of two bytes as it is', 'ü'.repeat(362), 'string'],
    ['of 363 characters of two bytes compressed', 'ü'.repeat(363), 'object'],
  ])('keeps text %s, and gives it back', (_, text, type) => {
    const stored = storeText(text);

    expect(typeof stored).toBe(type);
    expect(readText(stored)).toBe(text);
  });
});

describe('withStoredText', () => {
  it.each([
    ['without content', { pk: 'a' }],
    ['whose content is no text', { pk: 'a', content: 5 }],
    ['whose content is short', { pk: 'a', content: 'x' }],
  ])('leaves an item %s as it is', (_, item) => {
    expect(withStoredText(item)).toEqual(item);
  });

  it('writes as it is what cannot be compressed', () => {
    zlib.isBroken = true;
    const item = { pk: 'a', content: 'x'.repeat(5_000) };

    expect(withStoredText(item)).toEqual(item);
  });

  it('compresses a long content, and changes nothing of the item that it was given', () => {
    const content = 'x'.repeat(5_000);
    const item: { pk: string; content: unknown } = { pk: 'a', content };

    const stored = withStoredText(item);

    expect(stored).toEqual({ pk: 'a', content: expect.any(Uint8Array) });
    expect(item.content).toBe(content);
    expect((stored.content as Uint8Array).length).toBeLessThan(100);
  });
});
