/** A point on the axes with the weights of its malicious and benign observations. */
export interface SteppedPoint {
  /** Steps passed on each axis, from 0 to the axis's length. */
  readonly steps: readonly number[];
  readonly maliciousWeight: number;
  readonly benignWeight: number;
}

export interface StepBoostOptions {
  /** Fixed initial log-odds of every point. */
  readonly intercept: number;
  /** Number of steps of each axis. */
  readonly lengths: readonly number[];
  /** Pairs of axes that interact, by index. */
  readonly pairs: ReadonlyArray<readonly [number, number]>;
  readonly rounds: number;
  /** Share of a full Newton step taken per round, 0-1. */
  readonly learningRate: number;
  /** Regularisation: rules that cover less weight than this are hardly trusted; in the unit of the points' weights. */
  readonly ridge: number;
}

export interface StepFit {
  /** Added to every point; may be negative; log-odds. */
  readonly constant: number;
  /** A table of log-odds for each pair, by steps passed on the first axis, then on the second. */
  readonly tables: readonly number[][][];
}

/** "At least a steps on the first axis and (or) at least b on the second": monotone in both. */
interface Rule {
  readonly pair: number;
  readonly first: number;
  readonly second: number;
  readonly isEither: boolean;
}

/**
 * Fits log-odds as a sum of rules with non-negative weights, so that the sum is monotone in every axis.
 *
 * Gradient boosting with rules for trees (Friedman, Annals of Statistics 29, 2001; rule ensembles: Friedman and
 * Popescu, Annals of Applied Statistics 2, 2008), restricted to pairs of axes so that the sum is a table per pair (Lou,
 * Caruana, Gehrke and Hooker, KDD 2013). Every round adjusts the weight of the rule that lowers the log loss most, up
 * or down but never below zero. There is no randomness: the same points give the same tables.
 */
export function boostSteps(points: readonly SteppedPoint[], options: StepBoostOptions): StepFit {
  const rules = listRules(options);
  const weights = new Float64Array(rules.length);
  const members = rules.map((rule) => membersOf(rule, points, options.pairs));
  const everyone = points.map((_, i) => i);
  const margins = new Float64Array(points.length).fill(options.intercept);
  const slopes = new Float64Array(points.length);
  const curvatures = new Float64Array(points.length);
  let constant = 0;

  const differentiate = (indices: readonly number[]) => {
    for (const i of indices) {
      const point = points[i];
      if (point === undefined) continue;
      const total = point.maliciousWeight + point.benignWeight;
      const probability = 1 / (1 + Math.exp(-(margins[i] ?? 0)));
      slopes[i] = point.maliciousWeight - total * probability;
      curvatures[i] = total * probability * (1 - probability);
    }
  };
  const stepOf = (indices: readonly number[]) => {
    let slope = 0;
    let curvature = options.ridge;
    for (const i of indices) {
      slope += slopes[i] ?? 0;
      curvature += curvatures[i] ?? 0;
    }
    return { slope, step: slope / curvature };
  };
  const move = (indices: readonly number[], step: number) => {
    for (const i of indices) margins[i] = (margins[i] ?? 0) + step;
    differentiate(indices);
  };

  differentiate(everyone);
  for (let round = 0; round < options.rounds; round++) {
    const level = stepOf(everyone).step;
    constant += level;
    move(everyone, level);
    let best = -1;
    let bestGain = 0;
    let bestStep = 0;
    members.forEach((indices, k) => {
      const { slope, step } = stepOf(indices);
      const feasible = Math.max(step, -(weights[k] ?? 0));
      const gain = slope * feasible;
      if (gain > bestGain) {
        bestGain = gain;
        best = k;
        bestStep = feasible;
      }
    });
    if (best < 0) break;
    const taken = options.learningRate * bestStep;
    weights[best] = (weights[best] ?? 0) + taken;
    move(members[best] ?? [], taken);
  }
  return { constant, tables: tabulate(rules, weights, options) };
}

function listRules({ pairs, lengths }: StepBoostOptions): Rule[] {
  return pairs.flatMap(([firstAxis, secondAxis], pair) => {
    const rules: Rule[] = [];
    for (let first = 0; first <= (lengths[firstAxis] ?? 0); first++) {
      for (let second = 0; second <= (lengths[secondAxis] ?? 0); second++) {
        if (first + second > 0) rules.push({ pair, first, second, isEither: false });
        if (first > 0 && second > 0) rules.push({ pair, first, second, isEither: true });
      }
    }
    return rules;
  });
}

function holds({ first, second, isEither }: Rule, firstSteps: number, secondSteps: number): boolean {
  return isEither
    ? firstSteps >= first || secondSteps >= second
    : firstSteps >= first && secondSteps >= second;
}

/** Indices of the points that the rule covers. */
function membersOf(
  rule: Rule,
  points: readonly SteppedPoint[],
  pairs: StepBoostOptions['pairs'],
): readonly number[] {
  const [firstAxis = 0, secondAxis = 0] = pairs[rule.pair] ?? [];
  return points.flatMap(({ steps }, i) =>
    holds(rule, steps[firstAxis] ?? 0, steps[secondAxis] ?? 0) ? [i] : [],
  );
}

function tabulate(
  rules: readonly Rule[],
  weights: Float64Array,
  { pairs, lengths }: StepBoostOptions,
): number[][][] {
  return pairs.map(([firstAxis, secondAxis], pair) =>
    Array.from({ length: (lengths[firstAxis] ?? 0) + 1 }, (_, first) =>
      Array.from({ length: (lengths[secondAxis] ?? 0) + 1 }, (_, second) =>
        rules.reduce(
          (sum, rule, k) =>
            rule.pair === pair && holds(rule, first, second) ? sum + (weights[k] ?? 0) : sum,
          0,
        ),
      ),
    ),
  );
}
