import { counted } from '../../../statistics/count-text.ts';
import type { ExportCounts, ExportPlan } from '../../results/export.ts';
import { seenText } from '../seen-text.ts';

/** Whether there was nothing to export. */
export function isNothing({ assessments, connections, labels }: ExportCounts): boolean {
  return assessments + connections + labels === 0;
}

/** Describes what was searched for and not found. */
export function nothingLine({ kind, selection }: ExportPlan): string {
  const { range, address, seen } = selection;
  const from = range.fromMs === 0 ? '' : ` since ${new Date(range.fromMs).toISOString()}`;
  const to = ` until ${new Date(range.toMs).toISOString()}`;
  const of = address === undefined ? '' : ` about ${address}`;
  return `nothing ${kind === 'labels' ? 'was labelled' : 'has arrived'}${of}${from}${to}${seenText(seen)}`;
}

/** Counts of what the file holds. */
export function figuresOf({ kind, format }: ExportPlan, counts: ExportCounts): Partial<ExportCounts> {
  const { assessments, connections } = counts;
  return format === 'sqlite' ? { assessments, connections } : { [kind]: counts[kind] };
}

const NOUNS = { assessments: 'assessment', connections: 'connection', labels: 'label' } as const;

/** What was written, for a human. */
export function summaryLine(figures: Partial<ExportCounts>, path: string): string {
  const parts = Object.entries(figures).map(([kind, count]) =>
    counted(count, NOUNS[kind as keyof ExportCounts]),
  );
  return `${parts.join(' and ')} written to ${path}`;
}
