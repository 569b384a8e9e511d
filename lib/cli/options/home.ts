import { InvalidArgumentError, Option } from 'commander';
import { createLocality, parseNetworks } from '../../records/locality.ts';

/** The option that names the site's own networks. */
export function homeOption(): Option {
  return new Option(
    '--home <cidr,...>',
    'your own public networks, for records that do not say which side is local',
  ).argParser(networks);
}

/** Reads a list of CIDR blocks from the command line. */
function networks(list: string): string[] {
  const blocks = parseNetworks(list);
  try {
    createLocality(blocks);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
  return blocks;
}
