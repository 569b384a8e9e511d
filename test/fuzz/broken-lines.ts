import { pick, type Random, wholeNumber } from '../bench/random.ts';

/** What the formats' own syntax is made of, and what it is not. */
const TOKENS = [
  ...[
    '"',
    '{',
    '}',
    ':',
    ',',
    '\\',
    '\t',
    ' ',
    '-',
    '(empty)',
    'null',
    '1e999',
    '-1',
    '99999999999999999999',
  ],
  ...['\ufeff', '\u0000', '\ud800', '\u2028', 'ü', 'NaN', '\\x', '#', '__proto__', '0x10', 'T'],
  ...['::ffff:1.2.3.4%eth0', '"message":', '"log":"{', '047'],
];

/** Cuts a line, or repeats, replaces or moves parts of it; half of all lines stay as they are. */
export function broken(line: string, random: Random): string {
  if (random() < 0.5) return line;
  const at = wholeNumber(0, line.length, random);
  const to = Math.min(line.length, at + wholeNumber(0, 12, random));
  switch (wholeNumber(0, 4, random)) {
    case 0:
      return line.slice(0, at);
    case 1:
      return line.slice(0, at) + line.slice(to);
    case 2:
      return line.slice(0, at) + pick(TOKENS, random) + line.slice(to);
    case 3:
      return line.slice(0, to) + line.slice(at);
    default:
      return line.slice(at) + line.slice(0, at);
  }
}
