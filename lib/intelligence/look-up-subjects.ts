import { BlockList, isIPv4 } from 'node:net';
import type { ConnectionRecord } from '../records/connection-record.ts';
import type { Endpoint } from '../records/endpoint.ts';
import type { IsLocal } from '../records/locality.ts';
import { LOOK_UP_SOURCES, type LookUpSource, type Subject } from './look-up.ts';
import { PROVIDER_NAMES } from './providers/provider.ts';

const ALL_SOURCES: ReadonlySet<LookUpSource> = new Set(LOOK_UP_SOURCES);

/** Documentation addresses (RFC 5737, RFC 3849): they belong to no host. */
const DOCUMENTATION = new BlockList();
for (const network of ['192.0.2.0', '198.51.100.0', '203.0.113.0']) DOCUMENTATION.addSubnet(network, 24);
DOCUMENTATION.addSubnet('2001:db8::', 32, 'ipv6');

/** A record with the endpoint that may be looked up. */
interface RemoteRecord {
  readonly record: ConnectionRecord;
  readonly endpoint: Pick<Endpoint, 'address' | 'direction' | 'dst_port'>;
}

export interface SubjectOptions {
  readonly isLocal: IsLocal;
  /** Also look up documentation addresses: only for providers on this machine. */
  readonly withDocumentation: boolean;
  /** Whether the allowlist covers an endpoint, so that no quota is spent on it. */
  readonly isAllowed?: ((endpoint: RemoteRecord['endpoint']) => boolean) | undefined;
}

/**
 * Names the addresses that may be looked up, with the sources that some of their records lack. Addresses without
 * missing sources are included, since their connections count if another message asks about them. The site's own
 * addresses and unreachable ones are excluded, whatever the sensor says: internal traffic must not be disclosed, and no
 * source could answer.
 */
export function lookUpSubjects(
  { addresses }: { readonly addresses: ReadonlyMap<string, readonly RemoteRecord[]> },
  options: SubjectOptions,
): Subject[] {
  const subjects: Subject[] = [];
  for (const [address, records] of addresses) {
    if (!mayBeLookedUp(address, options)) continue;
    const wanting = records.filter(({ endpoint }) => endpoint.direction !== 'internal');
    if (wanting.length === 0) continue;
    const isAllowed =
      options.isAllowed !== undefined && wanting.every(({ endpoint }) => options.isAllowed?.(endpoint));
    const sources = isAllowed ? withoutProviders(wantedSources(wanting)) : wantedSources(wanting);
    const hasEvidence = wanting.some(({ record: { threat_intel } }) =>
      [...LOOK_UP_SOURCES, 'blocklist' as const].some((source) => threat_intel?.[source]),
    );
    const isKnocking = wanting.every(isKnock);
    subjects.push({ address, sources, hasEvidence, isKnocking, connections: wanting.length });
  }
  return subjects;
}

function isKnock({ record: { state }, endpoint }: RemoteRecord): boolean {
  return endpoint.direction === 'inbound' && (state === 'unanswered' || state === 'refused');
}

/** The sources that some record does not carry: all of them, if one record carries none. */
function wantedSources(records: readonly RemoteRecord[]): ReadonlySet<LookUpSource> {
  if (records.some(({ record }) => record.threat_intel === undefined)) return ALL_SOURCES;
  const isLacking = (source: LookUpSource) =>
    records.some(({ record }) => record.threat_intel?.[source] === undefined);
  return new Set(LOOK_UP_SOURCES.filter(isLacking));
}

function withoutProviders(sources: ReadonlySet<LookUpSource>): ReadonlySet<LookUpSource> {
  return new Set([...sources].filter((source) => !PROVIDER_NAMES.some((name) => name === source)));
}

function mayBeLookedUp(address: string, { isLocal, withDocumentation }: SubjectOptions): boolean {
  if (!isLocal(address)) return true;
  return withDocumentation && DOCUMENTATION.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
