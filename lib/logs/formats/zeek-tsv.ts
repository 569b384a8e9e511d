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

/** State from the `#` lines so far. Concatenated logs repeat them in the middle. */
interface Header {
  separator: string;
  setSeparator: string;
  unset: string;
  empty: string;
  path: string | undefined;
  names: readonly string[];
  types: readonly string[];
  /** Derived from the fields above; undefined if it must be rebuilt. Unused columns are undefined. */
  columns: readonly (Column | undefined)[] | undefined;
  /** Which other log this is according to its columns, if no path names it. */
  otherLog: string | undefined;
  /** Whether a `#fields` line has been seen. */
  wasNamed: boolean;
  /** The lines that set this state, by directive. */
  lines: Map<string, string>;
}

/** Error for a log that begins with data lines. */
export const WITHOUT_HEADER =
  "these are lines of a Zeek log without its header, so the columns are unknown: read the whole file, or prepend the lines that begin with #, as in `(grep '^#' conn.log; tail -n 1000 conn.log) | npx threat-consensus push -`";

/** Zeek's defaults, for logs with an incomplete header. */
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
 * Reads Zeek's `conn.log` in Zeek's default format: tab-separated columns in the order of `#fields`, with the types of
 * `#types`.
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

/** The text of a line that begins with `#`; some published logs have white space before it. */
function directiveOf(text: string): string | undefined {
  if (text.charCodeAt(0) === HASH) return text;
  return /^\s+#/.test(text) ? text.trimStart() : undefined;
}

function takeDirective(header: Header, text: string): void {
  // Only this line uses a space as its own separator.
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

/**
 * Directives that matter besides the separator; other lines are comments, or say when the log was opened and closed.
 */
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

/** Some published logs append labels to the last column, space-separated, in the header as well as the lines. */
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

/** Parses a cell into the value that Zeek's JSON writer would write. */
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

/** Anything but a number stays text (such as an ISO 8601 time), and so does an integer beyond a double's precision. */
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

/** Zeek escapes bytes that are not text, or that would look like a separator or an unset field, in hexadecimal. */
function unescaped(cell: string): string {
  if (!cell.includes('\\')) return cell;
  return cell.replace(ESCAPES, (sequence) =>
    sequence === '\\\\' ? '\\' : Buffer.from(sequence.replaceAll('\\x', ''), 'hex').toString(),
  );
}
