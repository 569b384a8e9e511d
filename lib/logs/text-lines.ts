import { InputError } from './input-error.ts';
import { withoutNulsInFront } from './text-encoding.ts';

/** The text of one entry: a line of a log, or an object or element. */
export interface RecordText {
  readonly text: string;
  /** Place in the input, from 1: a line, or an element of an array. */
  readonly position: number;
}

/** No real log has longer lines, and a string could not hold one twice as long. */
export const MAX_TEXT_LENGTH = 2 ** 28;

/**
 * Splits a text into its non-blank lines, in batches of a chunk each. Only line feeds end a line: JSON strings may hold
 * the other characters that `node:readline` splits at. A carriage return before the line feed, a byte order mark, and
 * record separators and zero bytes in front of a line are dropped; a sensor that keeps its write position leaves zero
 * bytes after its log was truncated.
 *
 * @param longest longest valid line, in characters
 * @param passed number of lines before the text, if it is the rest of a longer one
 * @throws {InputError} if a line is longer
 */
export async function* textLines(
  chunks: AsyncIterable<Buffer | string>,
  longest = MAX_TEXT_LENGTH,
  passed = 0,
): AsyncGenerator<readonly RecordText[]> {
  let position = passed;
  const number = (lines: readonly string[]) => {
    const numbered: RecordText[] = [];
    for (const text of lines) {
      position++;
      const visible = text.charCodeAt(0) > RECORD_SEPARATOR ? text : text.replace(BEFORE_ENTRY, '');
      if (!isBlank(visible)) numbered.push({ text: withoutCarriageReturn(visible), position });
    }
    return numbered;
  };
  // Pieces of a line whose end has not come yet; joined only once, since a line may be a whole file.
  let pending: string[] = [];
  let pendingLength = 0;
  for await (const text of decoded(chunks, passed === 0)) {
    const lines = text.split('\n');
    const last = lines.pop() ?? '';
    if (lines.length > 0) {
      lines[0] = pending.join('') + lines[0];
      pending = [];
      pendingLength = 0;
      yield number(lines);
    }
    pending.push(last);
    pendingLength += last.length;
    if (pendingLength > longest) {
      throw new InputError(`line ${position + 1} has more than ${longest} characters: this is not a log`);
    }
  }
  const last = pending.join('');
  if (last !== '') yield number([last]);
}

/**
 * Decodes a log's text and drops a byte order mark.
 *
 * @param isBeginning whether the text starts the log, where such a mark may be
 */
export async function* decoded(
  chunks: AsyncIterable<Buffer | string>,
  isBeginning = true,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let isFirst = isBeginning;
  for await (const chunk of chunks) {
    const text =
      typeof chunk === 'string' ? chunk : decoder.decode(withoutNulsInFront(chunk), { stream: true });
    if (text === '') continue;
    yield isFirst ? text.replace(/^\ufeff/, '') : text;
    isFirst = false;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/** JSON text sequences (RFC 7464) put it before each text. */
const RECORD_SEPARATOR = 0x1e;
const SPACE = 0x20;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for control characters
export const BEFORE_ENTRY = /^[\u0000\u001e]+/;

function isBlank(text: string): boolean {
  // Fast path: text that begins with a visible character is not blank.
  return !(text.charCodeAt(0) > SPACE) && text.trim() === '';
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
