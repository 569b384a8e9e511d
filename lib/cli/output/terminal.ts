import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours text where standard output is a terminal that wants colours (NO_COLOR and FORCE_COLOR are heeded). */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** A whole number with separators: `12,345`. `Intl` would do it too, but loading it takes every command 20 ms. */
export function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A number of things: `1 entry`, `2 entries`, `3 messages`. */
export function counted(value: number, singular: string): string {
  if (value === 1) return `1 ${singular}`;
  const plural = singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
  return `${grouped(value)} ${plural}`;
}

/** A bar of at most `width` characters for a share from 0 to 1, in eighths of a character. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(share * width * 8);
  const partial = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? '';
  return '█'.repeat(Math.floor(eighths / 8)) + (eighths === 0 && share > 0 ? '▏' : partial);
}

/**
 * What a text from outside may do to a terminal is nothing: control characters, and those that turn the direction
 * of writing, are shown as spaces.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ');
}
