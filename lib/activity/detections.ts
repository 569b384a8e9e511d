import { type Detection, MOST_DETECTIONS } from '../consensus/detection.ts';
import type { Alerts } from '../records/alerts.ts';
import type { ConnectionRecord } from '../records/connection-record.ts';
import type { Endpoint } from '../records/endpoint.ts';
import { type FlowDetection, inOrderOfGravity, ruleName } from '../records/flow-detection.ts';
import { readExchange } from './exchange.ts';

/** Finds the rules that fired on connections of an endpoint; undefined if there are none. */
export type DetectionsOf = (endpoint: Endpoint) => readonly Detection[] | undefined;

/**
 * Collects the detections on a unit's connections, by endpoint. A pure function of the connections, independent of
 * their order.
 *
 * @param alerts about these connections that arrived separately from them
 */
export function findDetections(
  connections: Iterable<{ readonly record: ConnectionRecord; readonly endpoint: Endpoint }>,
  alerts?: Alerts,
): DetectionsOf {
  const byEndpoint = new Map<string, Map<string, Detection>>();
  for (const { record, endpoint } of connections) {
    const detected = detectionsOn(record, alerts);
    if (detected.length === 0) continue;
    const key = keyOf(endpoint);
    const known = byEndpoint.get(key) ?? new Map<string, Detection>();
    byEndpoint.set(key, known);
    const isForgeable = canBeForged(record, endpoint);
    for (const { signature, signature_id, severity } of detected) {
      const detection = {
        signature,
        ...(signature_id !== undefined && { signature_id }),
        severity,
        ...(isForgeable && { forgeable: true as const }),
      };
      const rule = ruleName(detection);
      const other = known.get(rule);
      if (other === undefined || inOrder(detection, other) < 0) known.set(rule, detection);
    }
  }
  const found = new Map([...byEndpoint].map(([key, rules]) => [key, chosenOf([...rules.values()])]));
  return (endpoint) => (found.size === 0 ? undefined : found.get(keyOf(endpoint)));
}

const NOTHING: readonly FlowDetection[] = [];

function detectionsOn(record: ConnectionRecord, alerts: Alerts | undefined): readonly FlowDetection[] {
  const { detections = NOTHING } = record;
  return alerts?.mayConcern(record.id) ? [...detections, ...alerts.about(record)] : detections;
}

function keyOf({ direction, protocol, dst_port, address }: Endpoint): string {
  return `${direction} ${protocol} ${dst_port} ${address}`;
}

/** An outside sender can write any source address, unless a TCP handshake was answered. */
function canBeForged(record: ConnectionRecord, endpoint: Endpoint): boolean {
  if (endpoint.direction !== 'inbound') return false;
  return endpoint.protocol !== 'tcp' || readExchange(record, endpoint)?.outcome !== 'answered';
}

/** Firm ones first: a forgeable detection must not replace one that is not. */
function inOrder(a: Detection, b: Detection): number {
  return Number(a.forgeable ?? false) - Number(b.forgeable ?? false) || inOrderOfGravity(a, b);
}

/** The most severe of either sort, so that forged ones take no room from the others. */
function chosenOf(detections: readonly Detection[]): readonly Detection[] {
  const sorted = [...detections].sort(inOrder);
  const isForgeable = ({ forgeable }: Detection) => forgeable === true;
  const firm = sorted.filter((detection) => !isForgeable(detection)).slice(0, MOST_DETECTIONS);
  return [...firm, ...sorted.filter(isForgeable).slice(0, MOST_DETECTIONS)];
}
