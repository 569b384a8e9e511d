/** A whole number with separators: `12,345`. `Intl` could format it, but loading it takes every command 20 ms. */
export function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A count with its noun: `1 entry`, `2 entries`, `3 addresses`. */
export function counted(value: number, singular: string): string {
  if (Math.round(value) === 1) return `1 ${singular}`;
  return `${grouped(value)} ${pluralOf(singular)}`;
}

function pluralOf(singular: string): string {
  if (/[^aeiou]y$/.test(singular)) return `${singular.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(singular) ? `${singular}es` : `${singular}s`;
}
