import { hash } from 'node:crypto';

/**
 * The canonical text of a JSON value as described in docs/storage.md: keys sorted, no white space, undefined left out.
 */
export function canonicalText(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  const object = value as Record<string, unknown>;
  const members: string[] = [];
  for (const key of Object.keys(object).sort()) {
    if (object[key] !== undefined) members.push(`${JSON.stringify(key)}:${canonicalText(object[key])}`);
  }
  return `{${members.join(',')}}`;
}

/** The first 22 characters of base64url SHA-256. */
export function shortHash(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}
