import type { ScoringInput } from './scoring-input.ts';

/**
 * The contribution to a score of the connection itself, as opposed to intelligence about the address.
 *
 * No labelled set has connections, so these weights are judgement, and kept small: a weight of w in log-odds moves a
 * probability by at most w/4, so none of them moves a score by more than 0.05, and all together cannot make an unknown
 * address suspicious. The country of an address carries no weight: it predicts where sensors and their lists are, and
 * using it would penalize everyone who lives there.
 */
export interface Context {
  /** Sum of the weights, log-odds; between 0 and 0.45. */
  readonly logOdds: number;
  readonly portClass: PortClass | undefined;
  readonly isInbound: boolean;
  /** The address belongs to a hosting provider. */
  readonly isHosted: boolean;
}

/** Services by their use to an attacker. Scorers see only the class of a port, never its number. */
type PortClass =
  | 'remote administration'
  | 'file sharing'
  | 'database'
  | 'mail'
  | 'web'
  | 'dns'
  | 'other privileged'
  | 'high';

/** Ports are those of the IANA service name and port number registry. */
const SERVICE_PORTS: ReadonlyArray<readonly [PortClass, readonly number[]]> = [
  ['remote administration', [22, 23, 512, 513, 514, 2222, 2323, 3389, 5555, 5900, 5901, 5985, 5986]],
  ['file sharing', [20, 21, 69, 111, 135, 137, 138, 139, 445, 873, 2049]],
  ['database', [1433, 1434, 1521, 3306, 5432, 5984, 6379, 9042, 9200, 11211, 27017]],
  ['mail', [25, 110, 143, 465, 587, 993, 995]],
  ['web', [80, 443, 8000, 8080, 8443, 8888]],
  ['dns', [53, 853, 5353]],
];

const PORT_CLASS_WEIGHTS: Readonly<Record<PortClass, number>> = {
  'remote administration': 0.16,
  'file sharing': 0.12,
  database: 0.12,
  mail: 0.04,
  web: 0,
  dns: 0,
  'other privileged': 0.04,
  high: 0.02,
};

/**
 * The side that sent the first packet: unsolicited contact is slightly stronger evidence than a connection the site
 * chose to make.
 */
const INBOUND_WEIGHT = 0.06;

const PROTOCOL_WEIGHTS: ReadonlyMap<string, number> = new Map([['icmp', 0.02]]);

/** A usage type of AbuseIPDB; most attacks are run from rented machines. */
const HOSTING_USAGE_TYPE = 'Data Center/Web Hosting/Transit';
const HOSTING_WEIGHT = 0.06;

const TOR_WEIGHT = 0.15;

const FIRST_UNPRIVILEGED_PORT = 1024;
const PORT_COUNT = 65_536;

const CLASS_OF_PORT: ReadonlyMap<number, PortClass> = new Map(
  SERVICE_PORTS.flatMap(([portClass, ports]) => ports.map((port) => [port, portClass] as const)),
);

export function readContext(input: ScoringInput): Context {
  const portClass = input.dst_port == null ? undefined : classifyPort(input.dst_port);
  const abuse = input.threat_intel?.abuseipdb;
  const isInbound = input.direction === 'inbound';
  const isHosted = abuse?.usage_type === HOSTING_USAGE_TYPE;
  let weight = portClass === undefined ? 0 : PORT_CLASS_WEIGHTS[portClass];
  if (isInbound) weight += INBOUND_WEIGHT;
  if (input.protocol != null) weight += PROTOCOL_WEIGHTS.get(input.protocol) ?? 0;
  if (isHosted) weight += HOSTING_WEIGHT;
  if (abuse?.is_tor === true) weight += TOR_WEIGHT;
  return { logOdds: weight, portClass, isInbound, isHosted };
}

/** The class of a destination port; `undefined` if the number is not a port. */
function classifyPort(port: number): PortClass | undefined {
  if (!(port >= 0 && port < PORT_COUNT)) return undefined;
  return CLASS_OF_PORT.get(port) ?? (port < FIRST_UNPRIVILEGED_PORT ? 'other privileged' : 'high');
}
