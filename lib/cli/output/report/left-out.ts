import { counted } from '../../../statistics/count-text.ts';
import type { SiteReport } from '../../results/site-report.ts';

/** What a report leaves out of its addresses, one line per reason. */
export function leftOutLines({ counts, addresses }: SiteReport): string[] {
  const { beyond_limit, knocking, allowed, labelled_benign } = counts;
  const lines: [number, string][] = [
    [beyond_limit, `less urgent than the ${addresses.length} shown (--limit shows more)`],
    [knocking, 'from outside that got no answer (see attention --knocks)'],
    [allowed, 'on the allowlist (see allow list)'],
    [labelled_benign, 'labelled benign'],
  ];
  return lines.flatMap(([count, why]) => (count === 0 ? [] : [`${counted(count, 'address')} ${why}`]));
}
