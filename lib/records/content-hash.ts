import { hash } from 'node:crypto';

/**
 * 128 bits of SHA-256 as 22 characters of base64url. The probability that any two of 10^15 different texts collide is
 * below 10^-8 (birthday bound), and nobody can construct a collision.
 */
export function contentHash(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}
