import { grouped } from '../../statistics/count-text.ts';
import { SCORE_BUCKETS } from '../../store/unit-statistics.ts';
import { scoreColour } from './assessments/assessment-lines.ts';
import { bar, styled } from './terminal.ts';

const BAR_WIDTH = 40;

/** Draws how many scores are in each tenth from 0 to 1, one line per tenth. */
export function histogramLines(counts: readonly number[]): string[] {
  const most = Math.max(1, ...counts);
  return counts.map((count, bucket) => {
    const from = bucket / SCORE_BUCKETS;
    const range = `${from.toFixed(1)}-${((bucket + 1) / SCORE_BUCKETS).toFixed(1)}`;
    const drawn = styled(scoreColour(from), bar(count / most, BAR_WIDTH));
    return `  ${range} ${grouped(count).padStart(9)} ${drawn}`.trimEnd();
  });
}
