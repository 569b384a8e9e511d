import { type Exchange, serviceOf } from './exchange.ts';

/** Properties of all connections of a unit, for comparison with those of one address. */
export interface UnitView {
  /**
   * Whether a missing answer can be distinguished from one that the sensor did not see.
   *
   * @param own the address's connections in one direction
   */
  tellsAnswers(own: readonly Exchange[]): boolean;
  /**
   * Whether a connection was unanswered or refused; an inbound one only if the service answered no one in the unit. Silence
   * from a service that answers others is loss or overload rather than a closed port.
   */
  isKnock(exchange: Exchange): boolean;
}

/**
 * A two-sided sensor sees an answer to far more than 2 % of TCP connections, even on a network that is scanned all day.
 */
const LEAST_ANSWERED_SHARE = 0.02;
/** Fewer connections of other addresses say nothing about the sensor. */
const FEWEST_OTHERS = 20;
/**
 * Bytes, with or without headers, above which a side has sent data: TCP sends none before it is answered. A SYN
 * repeated five times takes 360.
 */
const MOST_BYTES_OF_A_KNOCK = 400;

/** What connections say about the sensor that saw them. */
interface Tally {
  /** TCP connections for which the sensor reports whether they were answered. */
  told: number;
  answered: number;
}

/** @param exchanges all of the unit */
export function viewUnit(exchanges: Iterable<Exchange>): UnitView {
  const serving = new Set<string>();
  const all: Tally = { told: 0, answered: 0 };
  for (const exchange of exchanges) {
    if (exchange.outcome === 'answered' && exchange.isInbound) serving.add(serviceOf(exchange));
    count(exchange, all);
  }
  return {
    tellsAnswers(own) {
      const ownTally: Tally = { told: 0, answered: 0 };
      for (const exchange of own) count(exchange, ownTally);
      const others = all.told - ownTally.told;
      const answeredOthers = all.answered - ownTally.answered;
      if (others >= FEWEST_OTHERS) return !isOneSided({ told: others, answered: answeredOthers });
      return all.answered > 0 || !own.some(isHalfSeen);
    },
    isKnock(exchange) {
      const { outcome, isInbound } = exchange;
      if (outcome !== 'unanswered' && outcome !== 'refused') return false;
      return !isInbound || !serving.has(serviceOf(exchange));
    },
  };
}

/** Whether the share of answered connections is so small that the sensor must see one direction only. */
export function isOneSided({ told, answered }: Readonly<Tally>): boolean {
  return told >= FEWEST_OTHERS && (answered === 0 || answered < LEAST_ANSWERED_SHARE * told);
}

function count({ outcome, protocol }: Exchange, tally: Tally): void {
  if (protocol !== 'tcp' || outcome === 'unknown') return;
  tally.told++;
  if (outcome === 'answered') tally.answered++;
}

/** Data without an answer: the other half of the connection took another route. */
function isHalfSeen({ outcome, protocol, isInbound, sent = 0, received = 0 }: Exchange): boolean {
  return (
    protocol === 'tcp' && outcome === 'unanswered' && (isInbound ? received : sent) > MOST_BYTES_OF_A_KNOCK
  );
}
