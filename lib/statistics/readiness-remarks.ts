import { stampTitle } from '../store/settings-stamp.ts';
import type { ComparisonWindow } from './comparison-window.ts';
import { counted, grouped } from './count-text.ts';
import type { ComparisonDetails } from './read-details.ts';
import type { ReadinessReport } from './readiness-report.ts';

/** Limitations of a readiness report's figures, one sentence each. */
export function readinessRemarks(
  { units }: ComparisonWindow,
  { settings, unexplained }: ComparisonDetails,
  flips: ReadinessReport['flips'],
): string[] {
  const { compared, legacy_only, consensus_only } = units;
  const remarks: string[] = [];
  if (compared + legacy_only + consensus_only === 0) remarks.push('No message arrived in this period.');
  else if (compared === 0) {
    remarks.push(
      `Nothing to compare: all of ${counted(legacy_only + consensus_only, 'message')} had only one score. Both scorers run in mode parallel.`,
    );
  } else if (legacy_only + consensus_only > 0) {
    remarks.push(
      `Left out: ${counted(legacy_only, 'message')} with the legacy score only and ${grouped(consensus_only)} with the consensus score only.`,
    );
  }
  if (settings.length > 1) {
    const stamps = settings.map(
      ({ sinceMs, settings: of }) => `${stampTitle(of)} from ${new Date(sinceMs).toISOString()}`,
    );
    remarks.push(`The settings changed in this period: ${stamps.join(', ')}.`);
  }
  const { unexplained_by_evidence, looked_at } = flips;
  if (looked_at < unexplained_by_evidence) {
    remarks.push(
      `Of ${grouped(unexplained_by_evidence)} flips without explaining evidence, the newest ${grouped(looked_at)} were checked against labels.`,
    );
  }
  if (unexplained.length > 0) {
    remarks.push(
      'Unexplained flips are listed with the ids of their assessments: check them, and label what they turn out to be.',
    );
  }
  return remarks;
}
