import { arrayElements } from '../json-elements.ts';

/** The text of one record in a file. */
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
 * Reads records from a file's chunks: one a line, or the elements of one JSON array, told apart by the first
 * character. Lines are streamed; an array is read whole. Blank lines are skipped.
 *
 * @throws SyntaxError where an array is not valid JSON, as soon as its records are asked for
 */
export async function readJsonRecords(chunks: AsyncIterable<Buffer | string>): Promise<JsonRecords> {
  const lines = splitLines(chunks);
  let blank = 0;
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    if (next.value.trim() === '') blank++;
    else if (next.value.trimStart().startsWith('[')) {
      return { unit: 'element', records: readArray(next.value, lines) };
    } else {
      return { unit: 'line', records: numberLines(next.value, lines, blank + 1) };
    }
  }
  return { unit: 'line', records: numberLines('', lines, 1) };
}

async function* numberLines(
  first: string,
  rest: AsyncIterable<string>,
  firstPosition: number,
): AsyncGenerator<RecordText> {
  let position = firstPosition;
  if (first !== '') yield { text: first, position };
  for await (const line of rest) {
    position++;
    if (line.trim() !== '') yield { text: line, position };
  }
}

async function* readArray(first: string, rest: AsyncIterable<string>): AsyncGenerator<RecordText> {
  const lines = [first];
  for await (const line of rest) lines.push(line);
  const json = lines.join('\n');
  JSON.parse(json);
  for (const [index, text] of arrayElements(json).entries()) {
    yield { text: text.replaceAll(/[\r\n]+/g, ' '), position: index + 1 };
  }
}

/**
 * Splits at line feeds only: JSON strings may hold the other characters that `node:readline` splits at.
 * A carriage return before the line feed and a byte order mark are dropped.
 */
async function* splitLines(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<string, undefined> {
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
  return undefined;
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
