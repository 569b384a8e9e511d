import type { Endpoint } from '../../records/endpoint.ts';
import { blockAround, rangeOfAddress } from '../lists/address-range.ts';
import { type AllowEntry, isInForce } from './allow-entry.ts';

type AllowedEndpoint = Pick<Endpoint, 'address'> & Partial<Pick<Endpoint, 'dst_port' | 'direction'>>;

/** Entries for blocks of one size, by the first address of each. */
interface BlocksOfSize {
  readonly family: 4 | 6;
  readonly prefix: number;
  readonly byFirst: ReadonlyMap<bigint, readonly AllowEntry[]>;
}

/** The allowlist in searchable form: a search takes one step for each block size among the entries. */
export class Allowlist {
  readonly entries: readonly AllowEntry[];
  /** Smallest blocks first. */
  readonly #sizes: readonly BlocksOfSize[];

  constructor(entries: readonly AllowEntry[]) {
    this.entries = entries;
    const sizes = Map.groupBy(entries, ({ network }) => sizeOf(network));
    this.#sizes = [...sizes]
      .map(([size, blocks]) => blocksOfSize(size, blocks))
      .sort((a, b) => b.prefix - a.prefix);
  }

  static readonly NONE = new Allowlist([]);

  /**
   * The entries in force that cover an address, smallest blocks first, for all ports and directions.
   *
   * @param address in canonical form
   * @param nowMs epoch milliseconds
   */
  covering(address: string, nowMs: number): AllowEntry[] {
    if (this.#sizes.length === 0) return [];
    const { family } = rangeOfAddress(address);
    const found = this.#sizes
      .filter((size) => size.family === family)
      .flatMap(({ prefix, byFirst }) => byFirst.get(blockAround(address, prefix).first) ?? []);
    return found.filter((entry) => isInForce(entry, nowMs));
  }

  /** The entry that allows an endpoint; undefined if none does. */
  entryFor(endpoint: AllowedEndpoint, nowMs: number): AllowEntry | undefined {
    return firstAllowing(this.covering(endpoint.address, nowMs), endpoint);
  }
}

/**
 * The allowlist during one invocation, for scoring.
 *
 * @returns a function that finds the id of the entry that allows an endpoint; undefined if there are no entries
 */
export function allowedBy(
  allowlist: Allowlist,
  nowMs: number,
): ((endpoint: AllowedEndpoint) => string | undefined) | undefined {
  if (allowlist.entries.length === 0) return undefined;
  return (endpoint) => allowlist.entryFor(endpoint, nowMs)?.id;
}

/**
 * @param entries that cover the endpoint's address
 * @returns the first of them that also matches its port and direction
 */
function firstAllowing(
  entries: readonly AllowEntry[],
  { dst_port, direction }: Partial<Pick<Endpoint, 'dst_port' | 'direction'>>,
): AllowEntry | undefined {
  return entries.find(
    (entry) =>
      (entry.port === undefined || entry.port === dst_port) &&
      (entry.direction === undefined || entry.direction === direction),
  );
}

function sizeOf(network: string): string {
  const family = network.includes(':') ? 6 : 4;
  return `${family}/${network.split('/')[1]}`;
}

function blocksOfSize(size: string, blocks: readonly AllowEntry[]): BlocksOfSize {
  const [family, prefix] = size.split('/').map(Number);
  const byFirst = Map.groupBy(blocks, ({ network }) => rangeOfAddress(network.split('/')[0] ?? '').first);
  return { family: family === 6 ? 6 : 4, prefix: prefix ?? 0, byFirst };
}
