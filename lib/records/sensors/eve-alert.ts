import { canonicalAddress } from '../address.ts';
import type { Alert } from '../alert.ts';
import { type FlowDetection, LEAST_GRAVE, LONGEST_CATEGORY, plainWords } from '../flow-detection.ts';
import type { Fields } from './sensed.ts';

/**
 * Reads a Suricata `eve.json` alert: the flow it belongs to and the rule that fired.
 *
 * @returns undefined if either is missing
 */
export function eveAlert({ flow_id, src_ip, dest_ip, alert }: Fields): Alert | undefined {
  if (typeof flow_id !== 'string' && !Number.isSafeInteger(flow_id)) return undefined;
  const source = addressIn(src_ip);
  const destination = addressIn(dest_ip);
  const detection = typeof alert === 'object' && alert !== null ? detectionOf(alert as Fields) : undefined;
  if (source === undefined || destination === undefined || detection === undefined) return undefined;
  return { flowId: String(flow_id), addresses: [source, destination], detection };
}

function addressIn(value: unknown): string | undefined {
  return typeof value === 'string' ? canonicalAddress(value) : undefined;
}

const LARGEST_ID = 2 ** 32 - 1;

function detectionOf({
  signature,
  signature_id,
  severity,
  category,
  action,
}: Fields): FlowDetection | undefined {
  const id = isWhole(signature_id) && signature_id <= LARGEST_ID ? signature_id : undefined;
  const words = plainWords(signature) ?? (id === undefined ? undefined : `rule ${id}`);
  if (words === undefined) return undefined;
  const kind = plainWords(category, LONGEST_CATEGORY);
  return {
    signature: words,
    ...(id !== undefined && { signature_id: id }),
    severity: isWhole(severity) && severity >= 1 ? Math.min(severity, LEAST_GRAVE) : LEAST_GRAVE,
    ...(kind !== undefined && { category: kind }),
    ...((action === 'allowed' || action === 'blocked') && { action }),
  };
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
