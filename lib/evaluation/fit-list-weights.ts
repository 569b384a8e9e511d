import { LARGEST_WEIGHT } from '../intelligence/lists/list-traits.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { LabelledInput } from './labelled-set.ts';

/** The weight of one list, from labelled rows. */
export interface ListWeight {
  /** Likelihood ratio, 1 to {@link LARGEST_WEIGHT}; 1 if the rows do not show that the list is evidence of malice. */
  readonly weight: number;
  /** Malicious and benign rows on the list. */
  readonly malicious: number;
  readonly benign: number;
}

export interface ListWeights {
  /** All rows of the sets that record which lists name an address. */
  readonly rows: { readonly malicious: number; readonly benign: number };
  /** By name, sorted. */
  readonly lists: Readonly<Record<string, ListWeight>>;
}

/** Added to each count, so that a list without benign rows is not certain (Anscombe, Biometrika 43, 1956). */
const PSEUDO_COUNT = 0.5;

/**
 * Estimates the reliability of each list: the ratio of the shares of malicious and of benign rows on it, minus one
 * standard error of its logarithm (Katz et al., Biometrics 34, 1978), so that a list with few rows gets only the weight
 * they support.
 *
 * Ratios do not depend on the share of malicious rows. With incomplete labels, lists look worse than they are.
 *
 * @throws {EvaluationError} if no row records its lists, or all that do are of one class
 */
export function fitListWeights(sets: ReadonlyArray<readonly LabelledInput[]>): ListWeights {
  const rows = { malicious: 0, benign: 0 };
  const counts = new Map<string, { malicious: number; benign: number }>();
  for (const { listedBy, isMalicious } of sets.flat()) {
    if (listedBy === undefined) continue;
    const label = isMalicious ? 'malicious' : 'benign';
    rows[label]++;
    for (const name of new Set(listedBy)) {
      const count = counts.get(name) ?? { malicious: 0, benign: 0 };
      count[label]++;
      counts.set(name, count);
    }
  }
  if (rows.malicious + rows.benign === 0) {
    throw new EvaluationError('no set has the column listed_by, which says what lists name an address');
  }
  if (rows.malicious === 0 || rows.benign === 0) {
    throw new EvaluationError('the rows that say what lists name an address are of one class only');
  }
  const names = [...counts.keys()].sort();
  return {
    rows,
    lists: Object.fromEntries(
      names.map((name) => {
        const count = counts.get(name) ?? { malicious: 0, benign: 0 };
        return [name, { weight: weightOf(count, rows), ...count }];
      }),
    ),
  };
}

type Counts = ListWeights['rows'];

function weightOf(listed: Counts, rows: Counts): number {
  const [maliciousListed, benignListed] = [listed.malicious + PSEUDO_COUNT, listed.benign + PSEUDO_COUNT];
  const [malicious, benign] = [rows.malicious + PSEUDO_COUNT, rows.benign + PSEUDO_COUNT];
  const logRatio = Math.log(maliciousListed / malicious) - Math.log(benignListed / benign);
  const variance = 1 / maliciousListed - 1 / malicious + 1 / benignListed - 1 / benign;
  const supported = Math.exp(logRatio - Math.sqrt(Math.max(0, variance)));
  return Number(Math.min(LARGEST_WEIGHT, Math.max(1, supported)).toPrecision(3));
}
