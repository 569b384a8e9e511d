import { isIP } from 'node:net';
import { WITHOUT_HEADER } from '../formats/zeek-tsv.ts';

/**
 * A one-line message for text that is not recognised.
 *
 * @param formatOption the name of the user's format option
 */
export function unknownText([first = '']: readonly string[], formatOption: string): string {
  const beginning = JSON.stringify(first.trim().slice(0, BEGINNING_CHARACTERS));
  return `the format is unknown (it begins with ${beginning}): expected records as JSON, or a log of Zeek, Suricata, a VPC or the legacy system; use ${formatOption} if the first lines do not show the format`;
}

const BEGINNING_CHARACTERS = 40;

/** A one-line message for recognised text that cannot be read: what it is, and what to do. */
export function knownText(lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : TEXTS.find(({ isIt }) => isIt(lines))?.problem;
}

interface ForeignTextKind {
  readonly isIt: (lines: readonly string[]) => boolean;
  readonly problem: string;
}

const TABLE_WITH_TABS =
  'this is a tab-separated table: write it as JSON, one record per line (`mlr --itsv --ojsonl cat FILE`)';

const TEXTS: readonly ForeignTextKind[] = [
  {
    isIt: ([first = '']) => /^\s*<(?:!doctype html|html|head|body)\b/i.test(first),
    problem: 'this is a web page, perhaps a login page: download the log again',
  },
  {
    isIt: ([first = '']) => /^\s*<(?:\?xml|[A-Za-z][\w:-]*[\s>])/.test(first),
    problem: 'this is XML: expected records as JSON, or a log of Zeek, Suricata or a VPC',
  },
  {
    isIt: ([first = '']) => /^>== Total ===/.test(first),
    problem: "this is Zeek's summary of connections (conn-summary.log): read conn.log",
  },
  {
    isIt: ([first = '']) => /^\d\d\/\d\d\/\d{4}-\d\d:\d\d:\d\d\.\d+\s+\[\*\*\]/.test(first),
    problem: "these are Suricata's alerts (fast.log): read eve.json, with `flow` among its types",
  },
  {
    isIt: ([first = '']) => /^(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d+ (?:IP6?|ARP)\b/.test(first),
    problem: "this is tcpdump's text: run Zeek on the packet capture and read its conn.log",
  },
  {
    isIt: (lines) => lines.some((line) => SYSLOG.test(line) && line.includes('{')),
    problem:
      "these lines have a syslog header before the JSON: remove it, as in `sed 's/^[^{]*//' FILE | npx threat-consensus push -`",
  },
  { isIt: ([first]) => isHeading(first), problem: TABLE_WITH_TABS },
  { isIt: (lines) => lines.some(isZeekLine), problem: WITHOUT_HEADER },
  {
    isIt: (lines) => lines.some(isFlowLogWithCommas),
    problem: `these are flow logs with commas between the columns: replace them with spaces, as in \`tr -d '"' < FILE | tr ',' ' ' | npx threat-consensus push -\``,
  },
  {
    isIt: (lines) => lines.some(isFlowLine),
    problem:
      "these look like flow log lines in a custom order without a header line: prepend the column names, as in `(echo 'srcaddr dstaddr ...'; cat FILE) | npx threat-consensus push -`",
  },
  {
    isIt: (lines) => isTable(lines, ','),
    problem: 'this is CSV: write it as JSON, one record per line (`mlr --icsv --ojsonl cat FILE`)',
  },
  {
    isIt: (lines) => isTable(lines, ';'),
    problem:
      'this is CSV with semicolons: write it as JSON, one record per line (`mlr --icsv --ifs semicolon --ojsonl cat ' +
      'FILE`)',
  },
  { isIt: (lines) => isTable(lines, '\t'), problem: TABLE_WITH_TABS },
];

/** RFC 5424 and 3164, with or without the priority that a receiver strips. */
const SYSLOG =
  /^(?:<\d{1,3}>|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* \S+ \S+?(?:\[\d+\])?: )/;

function isZeekLine(line: string): boolean {
  return (
    /^\d{8,}(?:\.\d+)?\t\S+\t/.test(line) ||
    /^\d{4}-\d\d-\d\dT[\d:.]+Z?\t(?:[CF][A-Za-z0-9]{3,}|-)\t/.test(line) ||
    /^\d{8,}\.\d{1,6}\s+[CF][A-Za-z0-9]{3,}\s+[\d.:a-fA-F]+\s+\d+\s/.test(line)
  );
}

/** A tab-separated heading, as tables have it and Zeek's logs do not. */
function isHeading(line = ''): boolean {
  const cells = line.split('\t');
  return (
    cells.length > 2 &&
    cells.every((cell) => /^"?[a-z_][\w .-]*"?$/i.test(cell)) &&
    cells.some((cell) => /^"?(?:src|source|dst|dest|client|server)/i.test(cell))
  );
}

/** A heading of columns, or a line that has the addresses of two sides among its cells. */
function isFlowLogWithCommas(line: string): boolean {
  if (!line.includes(',')) return false;
  const cells = line.split(',').map((cell) => cell.trim().replaceAll('"', ''));
  if (cells.some((cell) => /^(?:pkt[-_])?src_?addr$/i.test(cell))) return true;
  return cells.length >= 10 && /^[2-9]$/.test(cells[0] ?? '') && holdsTwoAddresses(cells);
}

function isFlowLine(line: string): boolean {
  const cells = line.trim().split(/\s+/);
  return (
    cells.length >= 4 &&
    holdsTwoAddresses(cells) &&
    cells.filter((cell) => /^(?:\d+|-)$/.test(cell)).length >= 2
  );
}

function holdsTwoAddresses(cells: readonly string[]): boolean {
  return cells.filter((cell) => isIP(cell) !== 0).length >= 2;
}

/** Whether the first lines have the same number of cells, and more than two. */
function isTable(lines: readonly string[], separator: string): boolean {
  // Text with JSON members is damaged or wrapped JSON.
  if (lines.some((line) => /\\?"\s*:/.test(line))) return false;
  const counts = lines.slice(0, 5).map((line) => line.split(separator).length);
  return (counts[0] ?? 0) > 2 && counts.every((count) => count === counts[0]);
}
