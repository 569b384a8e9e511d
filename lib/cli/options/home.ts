import { InvalidArgumentError } from 'commander';
import { createLocality, parseNetworks } from '../../records/locality.ts';

/** Reads a list of CIDR blocks as it is given on the command line. */
export function networks(list: string): string[] {
  const blocks = parseNetworks(list);
  try {
    createLocality(blocks);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
  return blocks;
}
