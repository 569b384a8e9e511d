import { InputError } from './input-error.ts';
import { withoutNulsInFront } from './text-encoding.ts';

/** A line of a log, or what else is one entry of it, as text. */
export interface RecordText {
  readonly text: string;
  /** Place in the input, from 1: a line, or an element of an array. */
  readonly position: number;
}

/** No log has such lines, and a string could not hold one twice as long. */
export const MAX_TEXT_LENGTH = 2 ** 28;

/**
 * Splits a text into its lines that are not blank, as many at a time as a chunk holds. Only line feeds end a line:
 * JSON strings may hold the other characters that `node:readline` splits at. A carriage return before the line feed
 * and a byte order mark are dropped, and so are record separators and zero bytes in front of a line: a sensor leaves these
 * that goes on writing at its old place after its log was emptied.
 *
 * @param longest line that is one, in characters
 * @param passed lines before it, where the text is the rest of a longer one
 * @throws {InputError} where a line is no line any more
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
  // Pieces of a line whose end has not come yet; joined once, since a line may be a whole file.
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
 * The text of a log, without a byte order mark.
 *
 * @param isBeginning whether it begins with the log, where such a mark may stand
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

/** JSON text sequences (RFC 7464) have it before each text. */
const RECORD_SEPARATOR = 0x1e;
const SPACE = 0x20;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for control characters
export const BEFORE_ENTRY = /^[\u0000\u001e]+/;

function isBlank(text: string): boolean {
  // What begins with something visible is not blank.
  return !(text.charCodeAt(0) > SPACE) && text.trim() === '';
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
