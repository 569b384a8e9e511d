import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readListFile } from '../../../../../lib/cli/use/intel/read-list-file.ts';
import { rangeText } from '../../../../../lib/intelligence/lists/address-range.ts';
import { NeverListedAddresses } from '../../../../../lib/intelligence/lists/reading/never-listed.ts';

async function read(content: string | Buffer, pieceBytes = 7) {
  const bytes = Buffer.from(content);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  const neverListed = new NeverListedAddresses();
  const { ranges, leftOut } = await readListFile(chunks(), { neverListed }, () => {});
  return {
    listed: ranges.map(rangeText),
    leftOut: leftOut.map(({ unit, position, kind }) => `${unit} ${position} ${kind}`),
  };
}

const LINES = '\ufeff# made up\r\n23.9.8.7\r\n\r\n10.0.0.1\r\n23.9.8.0/31\r\n';
const READ = { listed: ['23.9.8.7', '23.9.8.0-23.9.8.1'], leftOut: ['line 4 private'] };

describe('readListFile', () => {
  it.each<[string, Buffer]>([
    ['plain text', Buffer.from(LINES)],
    ['gzip', gzipSync(LINES)],
    ['two gzip files, one after the other', Buffer.concat([gzipSync(LINES), gzipSync('')])],
    ['zstd', zstdCompressSync(LINES)],
    ['gzip in gzip', gzipSync(gzipSync(LINES))],
    ['UTF-16', Buffer.from(LINES, 'utf16le')],
    ['UTF-16, big-endian', Buffer.from(LINES, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(LINES.slice(1), 'utf16le')],
    ['packed UTF-16', gzipSync(Buffer.from(LINES, 'utf16le'))],
  ])('reads %s with a byte order mark and carriage returns', async (_, content) => {
    expect(await read(content)).toEqual(READ);
  });

  const OBJECTS = [{ ip: '23.9.8.7' }, { ip: '10.0.0.1' }, { cidr: '23.9.8.0/31' }];

  it('reads JSON lines', async () => {
    const lines = OBJECTS.map((each) => JSON.stringify(each));

    expect(await read(`${lines.join('\n')}\n`)).toEqual({ ...READ, leftOut: ['line 2 private'] });
    expect(await read(`${lines.join(',\n')},\n`)).toEqual({ ...READ, leftOut: ['line 2 private'] });
    expect(await read(`${lines.join('\n')}\nnonsense\n`)).toMatchObject({
      leftOut: ['line 2 private', 'line 4 unreadable'],
    });
  });

  it.each<[string, string]>([
    ['an array', JSON.stringify(OBJECTS)],
    ['an array over several lines', JSON.stringify(OBJECTS, undefined, 2)],
    ['an object that holds one', JSON.stringify({ meta: { made: 'up' }, data: OBJECTS })],
    ['the same over several lines', JSON.stringify({ meta: { made: 'up' }, data: OBJECTS }, undefined, 2)],
  ])('reads %s', async (_, content) => {
    expect(await read(content)).toEqual({ ...READ, leftOut: ['element 2 private'] });
  });

  it.each<[string, string | Buffer, string]>([
    ['a web page', '\n<!DOCTYPE html>\n<html>', 'this is a web page, not a list'],
    ['a web page that was packed', gzipSync('<html>'), 'this is a web page, not a list'],
    ['a zip archive', Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0x00]), 'this is a zip archive, not a list'],
    ['a PDF document', Buffer.from('%PDF-1.7'), 'this is a PDF document, not a list'],
    ['a binary file', Buffer.from([0x23, 0x00, 0x03, 0x04, 0x01, 0x00]), 'this is a binary file'],
    ['packed data that is cut short', gzipSync('23.9.8.7\n'.repeat(99)).subarray(0, 30), 'truncated'],
  ])('refuses %s', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });

  it('takes no more than a list may hold', async () => {
    async function* chunks() {
      for (let n = 0; n < 12; n++) yield `24.0.0.${n * 2}\n`;
    }
    const options = { neverListed: new NeverListedAddresses() };

    expect(await readListFile(chunks(), options, () => {}, 12)).toMatchObject({ isTooLarge: false });
    expect(await readListFile(chunks(), options, () => {}, 11)).toMatchObject({
      isTooLarge: true,
      ranges: [],
    });
  });
});
