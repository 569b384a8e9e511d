import type { Direction } from '../../consensus/scoring-input.ts';

/** The connections that an entry covers. */
export interface AllowTarget {
  /** A block of addresses in canonical form: `203.0.113.7/32`, `2001:db8::/48`. */
  readonly network: string;
  /** Only connections to this port; all ports if absent. */
  readonly port?: number;
  /** Only connections in this direction; both if absent. */
  readonly direction?: AllowDirection;
}

/** The directions in which a connection has one remote side. */
export const ALLOW_DIRECTIONS = ['inbound', 'outbound'] as const satisfies readonly Direction[];
export type AllowDirection = (typeof ALLOW_DIRECTIONS)[number];

/** A human's decision that an address needs no attention. */
export interface AllowEntry extends AllowTarget {
  /** Derived from the target, so that there is one entry per target. */
  readonly id: string;
  readonly reason: string;
  /** Who is responsible for it. */
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly addedAtMs: number;
  /** Epoch milliseconds; if absent, the entry is in force until it is removed. */
  readonly expiresAtMs?: number;
}

export const LONGEST_REASON = 200;
export const LONGEST_OWNER = 80;
/** All entries are in one item of the table, which holds 400 KB. */
export const MOST_ENTRIES = 500;

export function isInForce({ expiresAtMs }: AllowEntry, nowMs: number): boolean {
  return expiresAtMs === undefined || expiresAtMs > nowMs;
}

/** Describes the target of an entry: `203.0.113.0/24, port 443, outbound`. */
export function describeTarget({ network, port, direction }: AllowTarget): string {
  const address = network.replace(/\/(?:32|128)$/, (prefix) => (isWholeAddress(network) ? '' : prefix));
  return [address, port === undefined ? '' : `port ${port}`, direction ?? '']
    .filter((part) => part !== '')
    .join(', ');
}

function isWholeAddress(network: string): boolean {
  return network.endsWith(network.includes(':') ? '/128' : '/32');
}
