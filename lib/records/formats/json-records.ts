import { arrayElements } from '../json-elements.ts';
import { parseJson } from '../parse-json.ts';

/** The input cannot be read as what it seems to be; the message is one line. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The text of one record in a file, on one line. */
export interface RecordText {
  readonly text: string;
  /** Place in the input, from 1: a line, or an element of an array. */
  readonly position: number;
}

/** How places are called in messages to the user. */
export type PositionUnit = 'line' | 'element';

export interface JsonRecords {
  readonly unit: PositionUnit;
  readonly records: AsyncIterable<RecordText>;
}

/**
 * Reads records from a file's chunks: one a line, pretty-printed ones (each from a line `{` to a line `}`, as `jq`
 * writes them), or the elements of one JSON array, told apart by the first line. Lines are streamed; an array is
 * read whole. Blank lines are skipped; an array in place of a record stands for its elements.
 *
 * @throws {InputError} where what begins as an array is none, and no line of it is a record either
 */
export async function readJsonRecords(chunks: AsyncIterable<Buffer | string>): Promise<JsonRecords> {
  const lines = numberedLines(splitLines(chunks));
  const first = await lines.next();
  if (first.done === true) return { unit: 'line', records: lines };
  const all = startingWith(first.value, lines);
  const beginning = first.value.text.trim();
  if (beginning.startsWith('[')) return await readArray(all);
  return { unit: 'line', records: flatten(beginning === '{' ? joinPrettyPrinted(all) : all) };
}

async function readArray(lines: AsyncIterable<RecordText>): Promise<JsonRecords> {
  const texts = await Array.fromAsync(lines);
  const json = texts.map(({ text }) => text).join('\n');
  const parsed = parseJson(json);
  if (parsed.ok) {
    const elements = arrayElements(json).map((text, index) => ({
      text: onOneLine(text),
      position: index + 1,
    }));
    return { unit: 'element', records: flatten(elements) };
  }
  if (texts.some(({ text }) => isRecordOrArray(text))) return { unit: 'line', records: flatten(texts) };
  throw new InputError(`the array is ${parsed.reason}`);
}

function isRecordOrArray(text: string): boolean {
  const parsed = /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  return parsed?.ok === true;
}

/** Replaces a text that is an array by its elements, whose place is the array's. */
async function* flatten(texts: AsyncIterable<RecordText> | Iterable<RecordText>): AsyncGenerator<RecordText> {
  for await (const { text, position } of texts) {
    if (!text.trimStart().startsWith('[') || !parseJson(text).ok) yield { text, position };
    else for (const element of arrayElements(text)) yield { text: element, position };
  }
}

async function* joinPrettyPrinted(lines: AsyncIterable<RecordText>): AsyncGenerator<RecordText> {
  let open: RecordText | undefined;
  for await (const line of lines) {
    // Only a record begins at the margin: one that is open was cut short.
    if (open !== undefined && line.text.startsWith('{')) {
      yield open;
      open = undefined;
    }
    open = open === undefined ? line : { ...open, text: `${open.text} ${line.text}` };
    if (!line.text.startsWith('}') && !isRecordOrArray(line.text)) continue;
    yield open;
    open = undefined;
  }
  if (open !== undefined) yield open;
}

async function* startingWith<Element>(
  first: Element,
  rest: AsyncIterable<Element>,
): AsyncGenerator<Element, undefined> {
  yield first;
  yield* rest;
  return undefined;
}

/** The lines that are not blank, with their numbers. */
async function* numberedLines(lines: AsyncIterable<string>): AsyncGenerator<RecordText, undefined> {
  let position = 0;
  for await (const text of lines) {
    position++;
    if (text.trim() !== '') yield { text, position };
  }
  return undefined;
}

/**
 * Splits at line feeds only: JSON strings may hold the other characters that `node:readline` splits at.
 * A carriage return before the line feed and a byte order mark are dropped.
 */
async function* splitLines(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // Pieces of a line whose end has not come yet; joined once, since a line may be a whole file.
  let pending: string[] = [];
  let isFirst = true;
  for await (const chunk of chunks) {
    let text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (isFirst && text !== '') {
      text = text.replace(/^\ufeff/, '');
      isFirst = false;
    }
    const [first = '', ...lines] = text.split('\n');
    pending.push(first);
    for (const line of lines) {
      yield withoutCarriageReturn(pending.join(''));
      pending = [line];
    }
  }
  const last = pending.join('') + decoder.decode();
  if (last !== '') yield last;
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function onOneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}
