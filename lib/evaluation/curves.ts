import { BIN_COUNT, type Ranking } from './metrics.ts';

/** x and y, both 0-1. */
export type Point = readonly [x: number, y: number];

export interface Curves {
  /** False-positive rate, true-positive rate. */
  readonly roc: readonly Point[];
  /** Recall, precision. */
  readonly precisionRecall: readonly Point[];
  /** Mean score, share of malicious rows and number of rows, for each non-empty bin. */
  readonly reliability: ReadonlyArray<readonly [score: number, share: number, rowCount: number]>;
}

/** More points would be indistinguishable in a picture. */
const MOST_POINTS = 160;

export function traceCurves(ranking: Ranking): Curves {
  const { scores, labels } = ranking;
  const malicious = labels.reduce((sum, label) => sum + label, 0);
  const benign = labels.length - malicious;
  const roc: Point[] = [[0, 0]];
  const precisionRecall: Point[] = [];
  let caught = 0;
  for (let i = 0; i < scores.length; i++) {
    caught += labels[i] ?? 0;
    // Rows with equal scores have no order, so the curve has no point between them.
    if (i + 1 < scores.length && scores[i + 1] === scores[i]) continue;
    roc.push([(i + 1 - caught) / benign, caught / malicious]);
    if (caught > 0) precisionRecall.push([caught / malicious, caught / (i + 1)]);
  }
  return {
    roc: thin(roc),
    precisionRecall: thin(precisionRecall),
    reliability: binByScore(ranking),
  };
}

function binByScore({ scores, labels }: Ranking): Curves['reliability'] {
  const bins = Array.from({ length: BIN_COUNT }, () => ({ scores: 0, malicious: 0, count: 0 }));
  scores.forEach((score, i) => {
    const bin = bins[Math.min(Math.floor(score * BIN_COUNT), BIN_COUNT - 1)];
    if (bin === undefined) return;
    bin.scores += score;
    bin.malicious += labels[i] ?? 0;
    bin.count++;
  });
  return bins
    .filter(({ count }) => count > 0)
    .map((bin) => [bin.scores / bin.count, bin.malicious / bin.count, bin.count] as const);
}

/** Drops points too close to the last one kept to be visible; both ends stay. */
function thin(points: readonly Point[]): Point[] {
  const least = 2 / MOST_POINTS;
  const kept: Point[] = [];
  points.forEach((point, i) => {
    const last = kept.at(-1);
    const moved = last === undefined ? 1 : Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]);
    if (moved >= least || i === points.length - 1) kept.push(point);
  });
  return kept;
}
