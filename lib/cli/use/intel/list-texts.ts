import type { ReadEntry } from '../../../intelligence/lists/reading/list-entry.ts';
import { readListJson } from '../../../intelligence/lists/reading/list-json.ts';
import {
  type ListOptions,
  listLineReader,
  type ReadListLine,
} from '../../../intelligence/lists/reading/list-line.ts';
import { readJsonRecords } from '../../../logs/formats/json-records.ts';
import { peek } from '../../../logs/peek.ts';
import { foreignFile } from '../../../logs/recognition/foreign-files.ts';
import { inUtf8 } from '../../../logs/text-encoding.ts';
import { textLines } from '../../../logs/text-lines.ts';
import { unpack } from '../../../logs/unpack.ts';
import { objectBeforeComma } from '../../../records/concatenated-json.ts';
import { parseJson } from '../../../records/parse-json.ts';
import { CliError } from '../../cli-error.ts';
import type { LeftOutEntry } from '../../results/lists.ts';

/** A list's entry with its position. */
export interface PlacedEntry {
  readonly unit: LeftOutEntry['unit'];
  /** From 1. */
  readonly position: number;
  readonly read: ReadEntry;
}

/** Enough for the first lines. */
const HEAD_BYTES = 65_536;

/**
 * Reads a list in any form: lines, JSON lines, a JSON array or object; decompresses gzip and Zstandard.
 *
 * @throws {CliError} if it is a web page or a binary file
 * @throws {InputError} if compressed data is damaged
 */
export async function* readList(
  chunks: AsyncIterable<Buffer | string>,
  options: ListOptions,
): AsyncGenerator<PlacedEntry> {
  const plain = await unpack(chunks);
  const foreign = foreignFile(plain.head);
  if (foreign !== undefined)
    throw new CliError(`this is ${foreign.what}, not a list: extract it or export it as text`);
  const text = await peek(inUtf8(plain.chunks, plain.head), (head) => head.length >= HEAD_BYTES);
  const head = text.head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  refuseOtherFiles(head);
  if (!isJson(head)) yield* readLines(text.chunks, listLineReader(options));
  else if (isRecordALine(head)) yield* readJsonTexts(text.chunks, options);
  else yield* readDocument(text.chunks, options);
}

/** A failed download is often an HTML error page. */
function refuseOtherFiles(head: string): void {
  if (head.startsWith('<?xml') && !/^[^>]*>\s*<(?:!doctype\s+html|html)/i.test(head)) {
    throw new CliError('this is XML, not a list: export it as text, CSV or JSON');
  }
  if (/^<(?:!doctype|html|head|\?xml)/i.test(head)) {
    throw new CliError(
      'this is a web page, not a list: check the download (`curl --fail` reports HTTP errors)',
    );
  }
  if (head.includes('\0'))
    throw new CliError('this is a binary file, not a list: extract it or export it as text');
}

function isJson(head: string): boolean {
  return /^(?:\{|\[\s*(?:[{"[\]]|$))/.test(head);
}

function isRecordALine(head: string): boolean {
  const [first = '', second] = head.split('\n', 2);
  return head.startsWith('[') || (second !== undefined && parseJson(first).ok);
}

async function* readLines(
  chunks: AsyncIterable<Buffer>,
  readLine: ReadListLine,
): AsyncGenerator<PlacedEntry> {
  for await (const lines of textLines(chunks)) {
    for (const { text, position } of lines) {
      const read = readLine(text);
      if (read !== undefined) yield { unit: 'line', position, read };
    }
  }
}

async function* readJsonTexts(
  chunks: AsyncIterable<Buffer>,
  options: ListOptions,
): AsyncGenerator<PlacedEntry> {
  const { unit, records } = await readJsonRecords(chunks);
  for await (const texts of records) {
    for (const { text, position } of texts) {
      const parsed = parseJson(objectBeforeComma(text) ?? text);
      const entries: Iterable<ReadEntry> = parsed.ok
        ? readListJson(parsed.value, options)
        : [{ taken: [], leftOut: [{ kind: 'unreadable', reason: parsed.reason }] }];
      for (const read of entries) yield { unit: unit === 'line' ? 'line' : 'element', position, read };
    }
  }
}

/** A list in one JSON object, over any number of lines. */
async function* readDocument(
  chunks: AsyncIterable<Buffer>,
  options: ListOptions,
): AsyncGenerator<PlacedEntry> {
  const lines = (await Array.fromAsync(textLines(chunks))).flat();
  const text = lines.map((line) => line.text).join('\n');
  const parsed = parseJson(text);
  if (!parsed.ok) {
    yield* readJsonTexts(oneChunk(Buffer.from(text)), options);
    return;
  }
  let position = 0;
  for (const read of readListJson(parsed.value, options)) {
    position++;
    yield { unit: 'element', position, read };
  }
}

async function* oneChunk(chunk: Buffer): AsyncGenerator<Buffer> {
  yield chunk;
}
