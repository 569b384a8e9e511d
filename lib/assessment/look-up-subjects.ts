import { BlockList, isIPv4 } from 'node:net';
import type { IsLocal } from '../records/locality.ts';
import type { LookupSource, Subject } from '../reputation/lookup.ts';
import type { ReadMessage } from './plan-message.ts';

const SOURCES: readonly LookupSource[] = ['virustotal', 'abuseipdb', 'blocklist'];

/** Addresses that stand for others in examples (RFC 5737, RFC 3849): nobody has them. */
const DOCUMENTATION = new BlockList();
for (const network of ['192.0.2.0', '198.51.100.0', '203.0.113.0']) DOCUMENTATION.addSubnet(network, 24);
DOCUMENTATION.addSubnet('2001:db8::', 32, 'ipv6');

export interface SubjectOptions {
  readonly isLocal: IsLocal;
  /** Ask about the addresses of examples too: only where nobody outside this machine is asked. */
  readonly withDocumentation: boolean;
}

/**
 * The addresses of a batch to be looked up, each once, with the sources that some of its records don't bring along.
 * The site's own addresses, and those that nobody can reach, are not among them, whatever the sensor says: whom the
 * site talks to inside is nobody's business, and nobody could answer.
 */
export function lookUpSubjects(messages: readonly ReadMessage[], options: SubjectOptions): Subject[] {
  const subjects = new Map<string, Mutable<Subject> & { sources: Set<LookupSource> }>();
  for (const { addresses } of messages) {
    for (const [address, records] of addresses) {
      if (!mayBeLookedUp(address, options)) continue;
      let subject = subjects.get(address);
      if (subject === undefined) {
        subject = { address, sources: new Set(), hasEvidence: false, connections: 0 };
        subjects.set(address, subject);
      }
      for (const { record, endpoint } of records) {
        if (endpoint.direction === 'internal') continue;
        subject.connections++;
        for (const source of SOURCES) {
          if (record.threat_intel?.[source] === undefined) subject.sources.add(source);
          else subject.hasEvidence = true;
        }
      }
    }
  }
  return [...subjects.values()].filter(({ sources }) => sources.size > 0);
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function mayBeLookedUp(address: string, { isLocal, withDocumentation }: SubjectOptions): boolean {
  if (!isLocal(address)) return true;
  return withDocumentation && DOCUMENTATION.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
