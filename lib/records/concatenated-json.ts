import { parseJson } from './parse-json.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LINE_FEED = 0x0a;
const SPACE = 0x20;

/** A place where one JSON object ends and another may begin; only white space and commas between. */
const SEAM = /\}[\s,]*\{/;
const AROUND = /^[\s,]+|[\s,]+$/g;

/** Whether a text may be several JSON objects in a row without line breaks. */
export function hasSeam(text: string): boolean {
  return SEAM.test(text);
}

/**
 * Splits a text of consecutive JSON objects into the text of each.
 *
 * @returns undefined if the text does not begin and end with a whole object
 */
export function concatenatedObjects(text: string): string[] | undefined {
  if (!hasSeam(text)) return undefined;
  const cutter = new ObjectCutter();
  const pieces = [...cutter.push(text), ...cutter.end()];
  return pieces.length > 1 && (isObject(pieces[0]) || isObject(pieces.at(-1))) ? pieces : undefined;
}

function isObject(text: string | undefined): boolean {
  return text?.startsWith('{') === true && parseJson(text).ok;
}

/**
 * Splits a stream of text into JSON objects. Nothing is lost: anything between objects other than white space and
 * commas becomes a text of its own. A truncated object ends where the next one begins; if it is truncated inside a
 * string it ends with its line, since strings hold no line breaks.
 */
export class ObjectCutter {
  #pending: string[] = [];
  #pendingLength = 0;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** The last character outside strings that is not white space. */
  #last = 0;

  /** Length of the incomplete text, in characters. */
  get pendingLength(): number {
    return this.#pendingLength;
  }

  /** @returns the texts that are now complete */
  push(text: string): string[] {
    const found: string[] = [];
    let start = 0;
    const cutAt = (end: number, next = end) => {
      this.#take(text.slice(start, end), found);
      start = next;
    };
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (code === BACKSLASH) this.#isEscaped = true;
        else if (code === QUOTE) this.#isInString = false;
        else if (code === LINE_FEED) {
          cutAt(index, index + 1);
          this.#restart(0);
        }
        continue;
      }
      if (code === OPEN_BRACE) {
        // A nested object always follows a colon, a comma or a bracket.
        if (this.#depth === 0 || this.#last === CLOSE_BRACE) {
          cutAt(index);
          this.#restart(1);
        } else {
          this.#depth++;
        }
      } else if (code === LINE_FEED && this.#depth === 0) {
        cutAt(index, index + 1);
      } else if (this.#depth > 0) {
        if (code === QUOTE) this.#isInString = true;
        else if (code === CLOSE_BRACE && --this.#depth === 0) cutAt(index + 1);
      }
      if (code > SPACE) this.#last = code;
    }
    const rest = text.slice(start);
    this.#pending.push(rest);
    this.#pendingLength += rest.length;
    return found;
  }

  /** @returns the remaining texts at the end of the input */
  end(): string[] {
    const found: string[] = [];
    this.#take('', found);
    this.#restart(0);
    return found;
  }

  #take(text: string, found: string[]): void {
    const whole = this.#pending.length === 0 ? text : this.#pending.join('') + text;
    this.#pending = [];
    this.#pendingLength = 0;
    const piece = whole.charCodeAt(0) === OPEN_BRACE ? whole.trimEnd() : whole.replaceAll(AROUND, '');
    if (piece !== '') found.push(piece);
  }

  #restart(depth: number): void {
    this.#depth = depth;
    this.#isInString = false;
    this.#isEscaped = false;
    this.#last = 0;
  }
}

/** Extracts the object from a line such as `{...},`, as in an array written one element a line. */
export function objectBeforeComma(line: string): string | undefined {
  const text = line.trim();
  if (!text.startsWith('{') || !text.endsWith(',')) return undefined;
  const object = text.slice(0, -1);
  return parseJson(object).ok ? object : undefined;
}
