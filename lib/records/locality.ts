import { BlockList, isIPv4 } from 'node:net';
import { canonicalAddress, isGloballyRoutable } from './address.ts';

/** Tells whether an address belongs to the monitored site. */
export type IsLocal = (address: string) => boolean;

/** Upper bound of remembered addresses; beyond it the memory starts again. An entry takes about 100 bytes. */
const MEMORY_LIMIT = 20_000;

/** Reads a list of CIDR blocks separated by commas, as settings give it. */
export function parseNetworks(list: string): string[] {
  const blocks = list.split(',').map((block) => block.trim());
  return blocks.filter((block) => block !== '');
}

/**
 * Builds the test for local addresses: inside one of the site's networks, or not globally routable.
 * Answers are remembered, since a sensor sees few addresses often.
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

/** A part of a text keeps the whole text in memory, which may be a large piece of a log. */
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
