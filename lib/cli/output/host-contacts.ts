import type { Urgency } from '../../announcement/urgency.ts';
import { counted } from '../../statistics/count-text.ts';

const NAMED = 3;

/** What one of the site's own hosts has to do with an address, and what such an address is called. */
const KINDS: Readonly<Record<Exclude<Urgency, 'knocking'>, readonly [deed: string, what: string]>> = {
  calling: ['calls', 'malicious address'],
  guessing: ['passwords guessed by', 'address'],
  answered: ['answered', 'malicious address'],
  other: ['talks to', 'address'],
};

interface NamedContact {
  readonly address: string;
  readonly urgency: Urgency;
}

/**
 * `calls 2 malicious addresses (203.0.113.7, 198.51.100.4)`: what a host has to do with others, the most urgent first; empty
 * where there is nothing.
 */
export function contactsText(contacts: readonly NamedContact[]): string {
  const texts = Object.entries(KINDS).flatMap(([urgency, [deed, what]]) => {
    const addresses = new Set(
      contacts.filter((contact) => contact.urgency === urgency).map(({ address }) => address),
    );
    if (addresses.size === 0) return [];
    return [`${deed} ${counted(addresses.size, what)} (${namedFew([...addresses])})`];
  });
  return texts.join('; ');
}

/** `a, b, c and 4 more` */
export function namedFew(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
