import { grouped } from '../../../statistics/count-text.ts';
import { directionIn } from '../../../store/assessment-id.ts';
import type { ReadAssessment } from '../../../store/read-address-items.ts';

const HOSTS_SHOWN = 3;

/**
 * Which of the site's hosts an assessment concerns, and what was done: `beacon from 10.0.0.5`,
 * `scan of 10.0.0.7, 500+ connections in all`. Counts of what an address did are rounded down: see `stepOf`.
 */
export function hostsLine(read: ReadAssessment): string {
  const { assessment, connections } = read;
  const all = assessment.input.activity?.connections ?? 0;
  const others = all > connections.length ? `, ${grouped(all)}+ connections in all` : '';
  return `${deedText(read)}${others}`;
}

function deedText({ assessment, endpoints, connections }: ReadAssessment): string {
  const isOutbound = directionIn(endpoints[0] ?? '') !== 'inbound';
  const hosts = [...new Set(connections.map(({ src_ip, dst_ip }) => (isOutbound ? src_ip : dst_ip)))];
  const more = hosts.length - HOSTS_SHOWN;
  const names = `${hosts.slice(0, HOSTS_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const { pattern = 'none' } = assessment;
  const deed = pattern === 'none' ? '' : `${pattern} `;
  if (isOutbound) return `${deed}from ${names}`;
  return `${deed}${pattern === 'scan' || pattern === 'sweep' ? 'of' : 'at'} ${names}`;
}
