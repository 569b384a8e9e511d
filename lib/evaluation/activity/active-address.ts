import { readExchange } from '../../activity/exchange.ts';
import { describeUnit } from '../../activity/unit-activity.ts';
import type { ScoringInput } from '../../consensus/scoring-input.ts';
import { remoteEndpoint } from '../../records/endpoint.ts';
import type { IsLocal } from '../../records/locality.ts';
import type { LabelledConnection } from './labelled-log.ts';

/** A remote address in one direction of a unit, with its scoring inputs and label. */
export interface ActiveAddress {
  readonly address: string;
  readonly direction: 'inbound' | 'outbound';
  /** Connections in the unit. */
  readonly connections: number;
  /** The distinct endpoints, each with its number of connections. */
  readonly inputs: ReadonlyArray<{ readonly input: ScoringInput; readonly connections: number }>;
  readonly isMalicious: boolean | undefined;
}

/**
 * Groups a unit's connections by remote address and direction; connections with both or neither side local are left
 * out.
 */
export function activeAddresses(unit: readonly LabelledConnection[], isLocal: IsLocal): ActiveAddress[] {
  const placed = unit.map(({ record, isMalicious }) => ({
    record,
    isMalicious,
    endpoint: remoteEndpoint(record, isLocal),
  }));
  const activity = describeUnit(
    placed.flatMap(({ record, endpoint }) => readExchange(record, endpoint) ?? []),
  );
  const groups = Map.groupBy(placed, ({ endpoint }) => `${endpoint.direction} ${endpoint.address}`);
  const addresses: ActiveAddress[] = [];
  for (const members of groups.values()) {
    const [first] = members;
    if (first === undefined) continue;
    const { address, direction } = first.endpoint;
    if (direction !== 'inbound' && direction !== 'outbound') continue;
    const shown = activity.of({ address, direction });
    if (shown === undefined) continue;
    const byEndpoint = Map.groupBy(members, ({ endpoint }) => `${endpoint.dst_port} ${endpoint.protocol}`);
    addresses.push({
      address,
      direction,
      connections: members.length,
      inputs: [...byEndpoint.values()].map((same) => ({
        input: { ...(same[0]?.endpoint ?? first.endpoint), activity: shown },
        connections: same.length,
      })),
      isMalicious: labelOf(members),
    });
  }
  return addresses;
}

/** One malicious connection makes an address malicious. */
function labelOf(members: ReadonlyArray<{ readonly isMalicious: boolean | undefined }>): boolean | undefined {
  const labels = members.map(({ isMalicious }) => isMalicious);
  if (labels.includes(true)) return true;
  return labels.includes(false) ? false : undefined;
}
