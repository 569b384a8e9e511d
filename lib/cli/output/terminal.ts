import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours text where standard output is a terminal that wants colours (NO_COLOR and FORCE_COLOR are heeded). */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** A bar of at most `width` characters for a share from 0 to 1, in eighths of a character. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(share * width * 8);
  const partial = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? '';
  return '█'.repeat(Math.floor(eighths / 8)) + (eighths === 0 && share > 0 ? '▏' : partial);
}

/**
 * Makes text from outside harmless to a terminal: control characters, and those that change the writing direction,
 * become spaces.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ');
}
