import { InvalidArgumentError, Option } from 'commander';
import { canonicalAddress } from '../../records/address.ts';

/** The option `--host` of commands that filter by one of the site's own hosts. */
export function localHostOption(meaning: string): Option {
  return new Option('--host <address>', meaning).argParser((text) => {
    const address = canonicalAddress(text);
    if (address === undefined) throw new InvalidArgumentError('expected an IPv4 or IPv6 address.');
    return address;
  });
}
