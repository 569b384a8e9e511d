import { hash } from 'node:crypto';

/**
 * 128 bits of SHA-256 as 22 characters of base64url. Two different texts among 10^15 share a hash with a
 * probability below 10^-8 (birthday bound), and nobody can choose two that do.
 */
export function contentHash(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}
