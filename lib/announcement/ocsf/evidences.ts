import type { FindingAnnouncement } from '../announcement.ts';

interface Endpoint {
  readonly ip: string;
  readonly port?: number;
}

/** An OCSF evidence, with the fields that connections have. */
export interface Evidence {
  readonly src_endpoint?: Endpoint;
  readonly dst_endpoint?: Endpoint;
  readonly connection_info: {
    readonly direction_id: number;
    readonly direction: string;
    readonly protocol_name?: string;
  };
  readonly data?: { readonly port: number };
}

/** OCSF calls traffic between two local hosts lateral; it has no name for traffic between two remote ones. */
const DIRECTIONS = {
  inbound: { direction_id: 1, direction: 'Inbound' },
  outbound: { direction_id: 2, direction: 'Outbound' },
  internal: { direction_id: 3, direction: 'Lateral' },
  external: { direction_id: 99, direction: 'Other' },
} as const;

/**
 * Which host talked to which service. With one host or one service, each pair was seen; with several of both the pairs
 * are not known, so hosts and services are listed separately.
 */
export function evidencesOf(announcement: FindingAnnouncement): Evidence[] {
  const { localHosts, services } = announcement;
  if (localHosts.length <= 1 || services.length <= 1) {
    const hosts = localHosts.length === 0 ? [undefined] : localHosts;
    const used = services.length === 0 ? [undefined] : services;
    return hosts.flatMap((host) => used.map((service) => evidence(announcement, host, service)));
  }
  return [
    ...localHosts.map((host) => evidence(announcement, host, undefined)),
    ...services.map((service) => evidence(announcement, undefined, service)),
  ];
}

type Service = FindingAnnouncement['services'][number];

function evidence(
  { address, direction }: FindingAnnouncement,
  host: string | undefined,
  service: Service | undefined,
): Evidence {
  const isInbound = direction === 'inbound';
  const port = service && { port: service.port };
  const remote = { ip: address, ...(!isInbound && port) };
  const local = host === undefined ? undefined : { ip: host, ...(isInbound && port) };
  return {
    ...(isInbound
      ? { src_endpoint: remote, ...(local && { dst_endpoint: local }) }
      : { ...(local && { src_endpoint: local }), dst_endpoint: remote }),
    connection_info: {
      ...DIRECTIONS[direction],
      ...(service && { protocol_name: service.protocol }),
    },
    // The port of an unknown local host belongs to no endpoint.
    ...(isInbound && local === undefined && port && { data: port }),
  };
}
