import type { Exchange } from './exchange.ts';

/** Any client sends less; pages and queries are answered with more bytes than they send. */
const LEAST_BYTES = 100_000_000;
const LEAST_TIMES_RECEIVED = 10;

/**
 * Bytes that local hosts sent to an address that sent back a tenth of them or less.
 *
 * @param exchanges outbound ones of one address
 * @returns 0 if there is no such upload
 */
export function uploadedBytes(exchanges: readonly Exchange[]): number {
  let sent = 0;
  let received = 0;
  for (const exchange of exchanges) {
    if (exchange.isInbound) continue;
    sent += exchange.sent ?? 0;
    received += exchange.received ?? 0;
  }
  return sent >= LEAST_BYTES && sent >= LEAST_TIMES_RECEIVED * received ? sent : 0;
}
