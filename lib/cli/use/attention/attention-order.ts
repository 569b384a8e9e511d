import type { AddressFindings } from '../../../announcement/address-findings.ts';
import { compareUrgency } from '../../../announcement/urgency.ts';

/** The orders for displaying addresses that need a human. */
export const ATTENTION_ORDERS = ['urgency', 'score', 'last-seen', 'connections'] as const;
export type AttentionOrder = (typeof ATTENTION_ORDERS)[number];

type Compare = (left: AddressFindings, right: AddressFindings) => number;

const byUrgency: Compare = (left, right) => compareUrgency(left.worst, right.worst);

/** Ties are broken by urgency. */
export const ORDERS: Readonly<Record<AttentionOrder, Compare>> = {
  urgency: byUrgency,
  score: (left, right) => right.worst.score - left.worst.score || byUrgency(left, right),
  'last-seen': (left, right) => right.lastSeenMs - left.lastSeenMs || byUrgency(left, right),
  connections: (left, right) => right.worst.connections - left.worst.connections || byUrgency(left, right),
};
