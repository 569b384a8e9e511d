import { BlockList, isIPv4 } from 'node:net';
import { canonicalAddress, isGloballyRoutable } from './address.ts';

/** Whether an address belongs to the monitored site. */
export type IsLocal = (address: string) => boolean;

/** Upper limit of cached addresses; the cache is cleared when it is reached. An entry takes about 100 bytes. */
const MEMORY_LIMIT = 20_000;

/** Parses a comma-separated list of CIDR blocks, as in settings. */
export function parseNetworks(list: string): string[] {
  const blocks = list.split(',').map((block) => block.trim());
  return blocks.filter((block) => block !== '');
}

/**
 * Creates the test for local addresses: in one of the site's networks, or not globally routable. Results are cached,
 * since a sensor sees the same few addresses often.
 *
 * @param homeNetworks CIDR blocks of the site's own public addresses, e.g. `147.32.80.0/20`
 * @throws RangeError naming the first block that is not a CIDR block
 */
export function createLocality(homeNetworks: readonly string[]): IsLocal {
  const home = new BlockList();
  for (const block of homeNetworks) addBlock(home, block);

  const known = new Map<string, boolean>();
  return (address) => {
    const answer = known.get(address);
    if (answer !== undefined) return answer;
    const isLocal = !isGloballyRoutable(address) || home.check(address, family(address));
    if (known.size >= MEMORY_LIMIT) known.clear();
    known.set(detached(address), isLocal);
    return isLocal;
  };
}

/** A substring keeps its whole parent string in memory, which may be a large chunk of a log. */
function detached(address: string): string {
  return Buffer.from(address, 'latin1').toString('latin1');
}

function addBlock(list: BlockList, block: string): void {
  const [network = '', prefix = '', ...rest] = block.split('/');
  const address = canonicalAddress(network);
  const isPrefix = /^\d{1,3}$/.test(prefix) && rest.length === 0 && !network.includes('%');
  try {
    if (address === undefined || !isPrefix) throw new RangeError('not an address and a prefix length');
    list.addSubnet(address, Number(prefix), family(address));
  } catch (cause) {
    throw new RangeError(`"${block}" is not a CIDR block such as 192.0.2.0/24 or 2001:db8::/32`, { cause });
  }
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}
