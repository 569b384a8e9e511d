import { SCORER_NAMES } from '../../consensus/vote.ts';
import { grouped } from '../../statistics/count-text.ts';
import {
  EVIDENCE_SOURCES,
  FEWEST_CASES,
  type LabelReport,
  type LabelScore,
  type MeasuredShare,
} from '../../statistics/label-report.ts';
import { styled } from './terminal.ts';

const NAME_WIDTH = 14;
const SHARE_WIDTH = 24;

/** How well scorers and sources did, as a table. */
export function labelReportLines({ labels, malicious, scores, scorers, sources }: LabelReport): string[] {
  const rows: [string, LabelScore][] = [
    ['score in use', scores.threat_score],
    ['consensus', scores.consensus],
    ['legacy', scores.legacy],
    ...SCORER_NAMES.map((name): [string, LabelScore] => [name, scorers[name]]),
    ...EVIDENCE_SOURCES.map((name): [string, LabelScore] => [`${name} alone`, sources[name]]),
  ];
  const told = rows.filter(([, score]) => score.labels > 0);
  return [
    '',
    styled('bold', `${grouped(labels)} labels, ${grouped(malicious)} of them malicious`),
    styled(
      'dim',
      `${''.padEnd(NAME_WIDTH + 6)}${'labels'.padStart(7)}  ${'precision'.padEnd(SHARE_WIDTH)}recall`,
    ),
    ...told.map(
      ([name, { labels: judged, precision, recall }]) =>
        `  ${name.padEnd(NAME_WIDTH + 4)}${grouped(judged).padStart(7)}  ${shareText(precision).padEnd(SHARE_WIDTH)}${shareText(recall)}`,
    ),
    styled(
      'dim',
      `95 % intervals; "-" below ${FEWEST_CASES} cases. Recall is overestimated if low scores are never labelled.`,
    ),
  ];
}

function shareText(measured: MeasuredShare | null): string {
  if (measured === null) return '-';
  const { share, low, high } = measured;
  return `${percent(share)} % (${percent(low)} to ${percent(high)})`;
}

function percent(share: number): string {
  return (share * 100).toFixed(0);
}
