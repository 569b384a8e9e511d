import type { ConnectionRecord } from '../records/connection-record.ts';
import type { Endpoint } from '../records/endpoint.ts';
import { type Exchange, readExchange } from './exchange.ts';
import { isOneSided } from './unit-view.ts';

/** An address that may be one of the site's own, although it is not configured as such. */
export interface HomeCandidate {
  readonly address: string;
  /** Share of all connections, 0-1, and whether the address began most of them or received them. */
  readonly share: number;
  readonly role: 'sends' | 'receives';
}

/** What is known about a log's network: which addresses are local, and whether answers are seen. */
export interface SurveyResult {
  readonly connections: number;
  /** Connections with no side known to be local. */
  readonly withoutLocalSide: number;
  /** Addresses on one side of many of those, the busiest first. */
  readonly homeCandidates: readonly HomeCandidate[];
  /** TCP connections whose end the sensor reports, and those of them that were answered. */
  readonly tcpConnections: number;
  readonly answeredTcp: number;
  /** The sensor sees hardly any answers: answered and unanswered are then no evidence. */
  readonly isOneSided: boolean;
}

interface Side {
  sent: number;
  received: number;
  /** Distinct addresses on the other side, up to a limit. */
  readonly peers: Set<string>;
}

/** Addresses that are counted; beyond it the rarest are dropped, so that memory is bounded for any log. */
const MOST_SIDES = 2_000;
/** An address with fewer peers may be a server that one host uses much. */
const FEWEST_PEERS = 3;
/** Share of the connections without a local side. */
const LEAST_SHARE = 0.1;
const MOST_CANDIDATES = 3;

/** Surveys the connections of a log, in one pass and bounded memory. */
export class SiteSurvey {
  #connections = 0;
  #withoutLocalSide = 0;
  #told = 0;
  #answered = 0;
  #sides = new Map<string, Side>();

  /** @param exchange the result of `readExchange` for the record, if already known */
  add(record: ConnectionRecord, endpoint: Endpoint, exchange?: Exchange): void {
    this.#connections++;
    if (endpoint.direction === 'external') this.#addSides(record);
    else this.#addOutcome(exchange ?? readExchange(record, endpoint));
  }

  get result(): SurveyResult {
    return {
      connections: this.#connections,
      withoutLocalSide: this.#withoutLocalSide,
      homeCandidates: this.#homeCandidates(),
      tcpConnections: this.#told,
      answeredTcp: this.#answered,
      isOneSided: isOneSided({ told: this.#told, answered: this.#answered }),
    };
  }

  #addOutcome(exchange: Exchange | undefined): void {
    if (exchange?.protocol !== 'tcp' || exchange.outcome === 'unknown') return;
    this.#told++;
    if (exchange.outcome === 'answered') this.#answered++;
  }

  #addSides({ src_ip, dst_ip }: ConnectionRecord): void {
    this.#withoutLocalSide++;
    const source = this.#sideOf(src_ip);
    source.sent++;
    if (source.peers.size < FEWEST_PEERS) source.peers.add(dst_ip);
    const destination = this.#sideOf(dst_ip);
    destination.received++;
    if (destination.peers.size < FEWEST_PEERS) destination.peers.add(src_ip);
    if (this.#sides.size > 2 * MOST_SIDES) this.#forgetRarest();
  }

  #sideOf(address: string): Side {
    const known = this.#sides.get(address);
    if (known !== undefined) return known;
    const side = { sent: 0, received: 0, peers: new Set<string>() };
    this.#sides.set(address, side);
    return side;
  }

  #forgetRarest(): void {
    const byCount = [...this.#sides].sort(([, a], [, b]) => totalOf(b) - totalOf(a));
    this.#sides = new Map(byCount.slice(0, MOST_SIDES));
  }

  #homeCandidates(): HomeCandidate[] {
    const busy = [...this.#sides].filter(
      ([, side]) => side.peers.size >= FEWEST_PEERS && totalOf(side) >= LEAST_SHARE * this.#withoutLocalSide,
    );
    busy.sort(([left, a], [right, b]) => totalOf(b) - totalOf(a) || (left < right ? -1 : 1));
    return busy.slice(0, MOST_CANDIDATES).map(([address, { sent, received }]) => ({
      address,
      share: Math.max(sent, received) / this.#connections,
      role: sent > received ? 'sends' : 'receives',
    }));
  }
}

function totalOf({ sent, received }: Side): number {
  return sent + received;
}
