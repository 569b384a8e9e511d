import type { Fields } from '../../records/sensors/sensed.ts';
import { isConnectionLog, UNUSED_COLUMNS, zeekFields } from '../../records/sensors/zeek-fields.ts';
import { otherZeekLog } from '../../records/sensors/zeek-logs.ts';
import { InputError } from '../input-error.ts';
import type { LogEntry } from '../log-entry.ts';
import type { RecordText } from '../text-lines.ts';
import type { Entries } from './json-entries.ts';
import type { ReadLine } from './read-line.ts';
import { sensedEntry } from './sensed-entry.ts';

interface Column {
  readonly name: string;
  readonly read: (cell: string) => unknown;
}

/** What the lines that begin with `#` have said so far. Logs that were put together have it again in their midst. */
interface Header {
  separator: string;
  setSeparator: string;
  unset: string;
  empty: string;
  path: string | undefined;
  names: readonly string[];
  types: readonly string[];
  /** Made of the above; undefined if it must be made again. A column of no use is undefined. */
  columns: readonly (Column | undefined)[] | undefined;
  /** What log it is by its columns, where it is another and no path says so. */
  otherLog: string | undefined;
  /** Whether columns were named before. */
  wasNamed: boolean;
  /** Lines that say all this, by the name of what they say. */
  lines: Map<string, string>;
}

/** What is said of a log that begins with lines of columns. */
export const WITHOUT_HEADER =
  "these are lines of a Zeek log without its header, so the columns are unknown: read the whole file, or prepend the lines that begin with #, as in `(grep '^#' conn.log; tail -n 1000 conn.log) | npx threat-consensus push -`";

/** Zeek's own values, for logs whose header was shortened. */
function emptyHeader(): Header {
  return {
    separator: '\t',
    setSeparator: ',',
    unset: '-',
    empty: '(empty)',
    path: undefined,
    names: [],
    types: [],
    columns: undefined,
    otherLog: undefined,
    wasNamed: false,
    lines: new Map(),
  };
}

/**
 * Reads Zeek's `conn.log` as Zeek writes it without further settings: columns between tabs, in the order that
 * `#fields` names, with the types of `#types`.
 */
export function zeekTsvReader(): ReadLine {
  const header = emptyHeader();
  let latest = 0;
  const passOver = ({ text, position }: RecordText) => {
    const directive = directiveOf(text);
    if (directive === undefined) return false;
    takeDirective(header, directive);
    latest = position;
    return true;
  };
  const contextAt = (position: number) => (latest < position ? [...header.lines.values()] : undefined);
  const read = (line: RecordText): Entries | undefined => {
    const { text, position } = line;
    if (passOver(line)) return undefined;
    const invalid = (reason: string): LogEntry => ({ kind: 'invalid', position, text, reason });
    if (header.names.length === 0 && header.path === undefined && !header.wasNamed)
      throw new InputError(WITHOUT_HEADER);
    if (!isConnectionLog(header.path)) return { kind: 'skipped', position, what: String(header.path) };
    if (header.names.length === 0) return invalid('record: no #fields line before it names its columns');
    header.columns ??= columnsOf(header);
    if (header.otherLog !== undefined) return { kind: 'skipped', position, what: header.otherLog };
    const cells = cellsOf(text, header);
    if (cells.length !== header.names.length) {
      return invalid(`record: expected ${header.names.length} columns, got ${cells.length}`);
    }
    return sensedEntry(line, zeekFields(entryOf(cells, header.columns, header)));
  };
  return Object.assign(read, { passOver, contextAt });
}

const HASH = 0x23;

/** The text of a line that begins with `#`; white space before it is an oddity of some published logs. */
function directiveOf(text: string): string | undefined {
  if (text.charCodeAt(0) === HASH) return text;
  return /^\s+#/.test(text) ? text.trimStart() : undefined;
}

function takeDirective(header: Header, text: string): void {
  // The line that says what separates has a space there.
  const separator = /^#separator\s+(\S+)/.exec(text)?.[1];
  if (separator !== undefined) {
    const { wasNamed } = header;
    Object.assign(header, emptyHeader(), { separator: unescaped(separator), wasNamed });
    if (wasNamed) header.lines.set('were named', '#fields\tonce');
    header.lines.set('#separator', text);
    return;
  }
  const [name = '', ...values] = text.split(header.separator);
  const [value = ''] = values;
  if (name === '#set_separator') header.setSeparator = value;
  else if (name === '#unset_field') header.unset = value;
  else if (name === '#empty_field') header.empty = value;
  else if (name === '#path') header.path = value;
  else if (name === '#fields') header.names = splitLast(values);
  else if (name === '#types') header.types = splitLast(values);
  if (DIRECTIVES.has(name)) header.lines.set(name, text);
  header.wasNamed ||= header.names.length > 0;
  header.columns = undefined;
  header.otherLog =
    header.path === undefined
      ? otherZeekLog(Object.fromEntries(header.names.map((each) => [each, true])))
      : undefined;
}

/** What lines may say beside what separates their parts; others are comments, or say when the log was opened and closed. */
const DIRECTIVES: ReadonlySet<string> = new Set([
  '#set_separator',
  '#unset_field',
  '#empty_field',
  '#path',
  '#fields',
  '#types',
]);

function cellsOf(text: string, { separator, names }: Header): readonly string[] {
  const cells = text.split(separator);
  return cells.length < names.length ? splitLast(cells) : cells;
}

/** Some published logs have labels appended to the last column with spaces between, in the header as in the lines. */
function splitLast(cells: readonly string[]): readonly string[] {
  const last = cells.at(-1) ?? '';
  return last.includes('  ') ? [...cells.slice(0, -1), ...last.split(/ {2,}/)] : cells;
}

function columnsOf(header: Header): (Column | undefined)[] {
  return header.names.map((name, index) => {
    if (UNUSED_COLUMNS.has(name)) return undefined;
    const type = header.types[index] ?? TYPES_OF_COLUMNS[name] ?? 'string';
    return { name, read: readerOf(type, header) };
  });
}

/** For logs without `#types`: the columns that are not text. */
const TYPES_OF_COLUMNS: Readonly<Record<string, string>> = {
  ts: 'time',
  'id.orig_p': 'port',
  'id.resp_p': 'port',
  id_orig_p: 'port',
  id_resp_p: 'port',
  duration: 'interval',
  orig_bytes: 'count',
  resp_bytes: 'count',
  local_orig: 'bool',
  local_resp: 'bool',
};

function entryOf(
  cells: readonly string[],
  columns: readonly (Column | undefined)[],
  { unset }: Header,
): Fields {
  const entry: Fields = {};
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index];
    const cell = cells[index] as string;
    if (column !== undefined && cell !== unset) entry[column.name] = column.read(cell);
  }
  return entry;
}

/** Reads a cell as the value that Zeek writes in JSON for it. */
function readerOf(type: string, header: Header): (cell: string) => unknown {
  const { empty, setSeparator } = header;
  switch (type) {
    case 'time':
    case 'interval':
    case 'double':
    case 'count':
    case 'int':
    case 'port':
      return numberIn;
    case 'bool':
      return booleanIn;
    case 'addr':
      return (cell) => cell;
  }
  const elementType = /^(?:set|vector)\[(.+)\]$/.exec(type)?.[1];
  if (elementType === undefined) return (cell) => (cell === empty ? '' : unescaped(cell));
  const readElement = readerOf(elementType, header);
  return (cell) => (cell === empty ? [] : cell.split(setSeparator).map(readElement));
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What is no number stays text (a time in ISO 8601 does), and so does a whole one that a double cannot hold. */
function numberIn(cell: string): unknown {
  if (!NUMBER.test(cell)) return cell;
  const value = Number(cell);
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : cell;
}

function booleanIn(cell: string): unknown {
  if (cell === 'T') return true;
  return cell === 'F' ? false : cell;
}

const ESCAPES = /\\\\|(?:\\x[0-9a-fA-F]{2})+/g;

/** Zeek writes what would look like a separator or an unset field, and what is no text, as bytes in hexadecimal. */
function unescaped(cell: string): string {
  if (!cell.includes('\\')) return cell;
  return cell.replace(ESCAPES, (sequence) =>
    sequence === '\\\\' ? '\\' : Buffer.from(sequence.replaceAll('\\x', ''), 'hex').toString(),
  );
}
