/**
 * Splits the text of a JSON array into its elements' texts, unchanged: humans and queues get the original, not what
 * `JSON.stringify` would make of it (1.0, repeated keys, large integers).
 *
 * @param json a valid JSON array; anything else gives a meaningless result
 */
export function arrayElements(json: string): string[] {
  const elements: string[] = [];
  const open = json.indexOf('[');
  let start = open + 1;
  let depth = 0;
  for (let index = start; index < json.length; index++) {
    switch (json.charCodeAt(index)) {
      case QUOTE:
        index = endOfString(json, index);
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth++;
        break;
      case CLOSE_BRACE:
        depth--;
        break;
      case COMMA:
        if (depth > 0) break;
        elements.push(json.slice(start, index).trim());
        start = index + 1;
        break;
      case CLOSE_BRACKET:
        if (depth-- > 0) break;
        if (json.slice(start, index).trim() !== '') elements.push(json.slice(start, index).trim());
        return elements;
    }
  }
  return elements;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

function endOfString(json: string, openingQuote: number): number {
  let index = openingQuote + 1;
  while (index < json.length && json.charCodeAt(index) !== QUOTE) {
    index += json.charCodeAt(index) === BACKSLASH ? 2 : 1;
  }
  return index;
}
