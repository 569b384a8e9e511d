import { counted, grouped } from '../../statistics/count-text.ts';
import type { EvidenceCounts } from '../results/evidence-counts.ts';
import { printable } from './terminal.ts';

/** One line: how many addresses have evidence, and from which source. */
export function evidenceLines({ addresses, sources }: EvidenceCounts): string[] {
  if (addresses === 0 || sources.length === 0) return [];
  const each = sources.map(({ source, addresses: own }) => `${printable(source)} ${grouped(own)}`);
  return [`evidence on ${counted(addresses, 'address')}: ${each.join(', ')}`];
}
