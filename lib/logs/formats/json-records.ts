import { hasSeam, ObjectCutter } from '../../records/concatenated-json.ts';
import { arrayElements } from '../../records/json-elements.ts';
import { parseJson } from '../../records/parse-json.ts';
import { InputError } from '../input-error.ts';
import { LineStarts } from '../line-starts.ts';
import type { PositionUnit } from '../log.ts';
import { peek } from '../peek.ts';
import { decoded, MAX_TEXT_LENGTH, type RecordText, textLines } from '../text-lines.ts';

/** The texts of JSON records, in batches as they arrive from the input. */
export interface JsonRecords {
  readonly unit: PositionUnit;
  readonly records: AsyncIterable<readonly RecordText[]>;
  /** Where lines begin; absent if a line's meaning depends on earlier ones. */
  readonly starts?: LineStarts;
}

/**
 * Reads JSON records from a file's chunks: one a line, pretty-printed (each from a line `{` to a line `}`, as `jq`
 * writes them), the elements of one JSON array, or concatenated objects. The first line decides which. Lines and
 * objects are streamed; an array is read whole. Blank lines are skipped; an array in place of a record stands for its
 * elements.
 *
 * @param longest limit on the text held at a time, in characters: a line, an object, or a whole array
 * @throws {InputError} if the input begins like an array but is none, and none of its lines is a record
 */
export async function readJsonRecords(
  source: AsyncIterable<Buffer | string>,
  longest = MAX_TEXT_LENGTH,
): Promise<JsonRecords> {
  const { head, chunks } = await peek(source, holdsFirstLine);
  if (isWithoutLineEnds(head.toString())) return { unit: 'element', records: readObjects(chunks, longest) };
  const starts = new LineStarts();
  const batches = textLines(starts.watch(chunks), longest);
  const first = await firstBatch(batches);
  const all = startingWith(first, batches);
  const beginning = first[0]?.text.trim() ?? '';
  if (beginning.startsWith('[')) return await readArray(all, longest);
  if (beginning === '{') return { unit: 'line', records: flatten(joinPrettyPrinted(all)) };
  return { unit: 'line', records: flatten(all), starts };
}

/** Resumes reading a file with one record a line, from the start of a line. */
export function resumeJsonLines(
  chunks: AsyncIterable<Buffer>,
  longest: number | undefined,
  passed: number,
): AsyncIterable<readonly RecordText[]> {
  return flatten(textLines(chunks, longest, passed));
}

/** A longer line is not one record but many. */
const LONG_LINE_BYTES = 65_536;

function holdsFirstLine(head: Buffer): boolean {
  return head.length >= LONG_LINE_BYTES || /^\s*\S.*\n/.test(head.toString());
}

/** Whether objects are concatenated on the first line, or on a line that ends a pretty-printed one. */
function isWithoutLineEnds(head: string): boolean {
  const text = head.trimStart().replace(/^\ufeff\s*/, '');
  if (!text.startsWith('{')) return false;
  const end = text.indexOf('\n');
  const line = end < 0 ? text : text.slice(0, end);
  if (line.trim() === '{') return /^\}[ \t,]*\{/m.test(text);
  if (end < 0 && text.length >= LONG_LINE_BYTES) return true;
  return hasSeam(line) && !parseJson(line).ok;
}

async function* readObjects(
  chunks: AsyncIterable<Buffer | string>,
  longest: number,
): AsyncGenerator<readonly RecordText[]> {
  const cutter = new ObjectCutter();
  let position = 0;
  const numbered = (texts: readonly string[]) =>
    texts.map((text) => ({ text: onOneLine(text), position: ++position }));
  for await (const text of decoded(chunks)) {
    yield numbered(cutter.push(text));
    if (cutter.pendingLength > longest) {
      throw new InputError(`object ${position + 1} has more than ${longest} characters: this is not a log`);
    }
  }
  yield numbered(cutter.end());
}

/** The first lines, which may not be in the first chunk. */
async function firstBatch(batches: AsyncGenerator<readonly RecordText[]>): Promise<readonly RecordText[]> {
  for (;;) {
    const { value, done } = await batches.next();
    if (done === true) return [];
    if (value.length > 0) return value;
  }
}

async function readArray(
  batches: AsyncIterable<readonly RecordText[]>,
  longest: number,
): Promise<JsonRecords> {
  const texts: RecordText[] = [];
  let length = 0;
  for await (const batch of batches) {
    for (const line of batch) {
      texts.push(line);
      length += line.text.length;
    }
    if (length > longest) {
      throw new InputError(
        `this is a single array of more than ${longest} characters, which must be read whole: write one record per line`,
      );
    }
  }
  const json = texts.map(({ text }) => text).join('\n');
  const parsed = parseJson(json);
  if (parsed.ok) {
    const elements = arrayElements(json).map((text, index) => ({
      text: onOneLine(text),
      position: index + 1,
    }));
    return { unit: 'element', records: flatten([elements]) };
  }
  if (texts.some(({ text }) => isRecordOrArray(text))) return { unit: 'line', records: flatten([texts]) };
  throw new InputError(`the array is ${parsed.reason}`);
}

function isRecordOrArray(text: string): boolean {
  const parsed = /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  return parsed?.ok === true;
}

type Batches = AsyncIterable<readonly RecordText[]> | Iterable<readonly RecordText[]>;

const OPEN_BRACE = 0x7b;

/** Replaces an array by its elements, which get the array's position. */
async function* flatten(batches: Batches): AsyncGenerator<readonly RecordText[]> {
  for await (const batch of batches) yield batch.some(beginsArray) ? batch.flatMap(elementsOf) : batch;
}

function beginsArray({ text }: RecordText): boolean {
  return text.charCodeAt(0) !== OPEN_BRACE && text.trimStart().startsWith('[');
}

function elementsOf(whole: RecordText): RecordText[] {
  const { text, position } = whole;
  if (!beginsArray(whole) || !parseJson(text).ok) return [whole];
  return arrayElements(text).map((element) => ({ text: element, position }));
}

async function* joinPrettyPrinted(batches: Batches): AsyncGenerator<readonly RecordText[]> {
  let open: RecordText | undefined;
  for await (const batch of batches) {
    const joined: RecordText[] = [];
    for (const line of batch) {
      // Only records begin in the first column, so one that is still open was truncated.
      if (open !== undefined && line.text.startsWith('{')) {
        joined.push(open);
        open = undefined;
      }
      open = open === undefined ? line : { ...open, text: `${open.text} ${line.text}` };
      if (!line.text.startsWith('}') && !isRecordOrArray(line.text)) continue;
      joined.push(open);
      open = undefined;
    }
    yield joined;
  }
  if (open !== undefined) yield [open];
}

async function* startingWith<Element>(
  first: Element,
  rest: AsyncIterable<Element>,
): AsyncGenerator<Element, undefined> {
  yield first;
  yield* rest;
  return undefined;
}

function onOneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}
