import type { Direction } from '../../consensus/scoring-input.ts';

/** What an entry covers. */
export interface AllowTarget {
  /** A block of addresses in canonical form: `203.0.113.7/32`, `2001:db8::/48`. */
  readonly network: string;
  /** Only connections to this port; all where it is absent. */
  readonly port?: number;
  /** Only connections in this direction; both where it is absent. */
  readonly direction?: AllowDirection;
}

/** The directions in which a connection has one remote side. */
export const ALLOW_DIRECTIONS = ['inbound', 'outbound'] as const satisfies readonly Direction[];
export type AllowDirection = (typeof ALLOW_DIRECTIONS)[number];

/** Somebody's decision that an address needs nobody's attention. */
export interface AllowEntry extends AllowTarget {
  /** Follows from what it covers, so that there is one entry for a target. */
  readonly id: string;
  readonly reason: string;
  /** Who answers for it. */
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly addedAtMs: number;
  /** Epoch milliseconds; in force until it is removed where it is absent. */
  readonly expiresAtMs?: number;
}

export const LONGEST_REASON = 200;
export const LONGEST_OWNER = 80;
/** All entries stand in one item of the table, which holds 400 KB. */
export const MOST_ENTRIES = 500;

export function isInForce({ expiresAtMs }: AllowEntry, nowMs: number): boolean {
  return expiresAtMs === undefined || expiresAtMs > nowMs;
}

/** What an entry covers, in words: `203.0.113.0/24, port 443, outbound`. */
export function describeTarget({ network, port, direction }: AllowTarget): string {
  const address = network.replace(/\/(?:32|128)$/, (prefix) => (isWholeAddress(network) ? '' : prefix));
  return [address, port === undefined ? '' : `port ${port}`, direction ?? '']
    .filter((part) => part !== '')
    .join(', ');
}

function isWholeAddress(network: string): boolean {
  return network.endsWith(network.includes(':') ? '/128' : '/32');
}
