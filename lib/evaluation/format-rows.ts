import { SCORER_NAMES } from '../consensus/vote.ts';
import type { AssessedSet } from './assess-rows.ts';

/** A set's rows with their votes as newline-delimited JSON, in file order. */
export function listRows({ name, rows }: AssessedSet): string {
  const lines = rows.map(({ line, group, isMalicious, isHighlyUncertain, scores }) =>
    JSON.stringify({
      set: name,
      line,
      group,
      label: Number(isMalicious),
      consensus_score: scores.consensus,
      high_uncertainty: isHighlyUncertain,
      votes: Object.fromEntries(SCORER_NAMES.map((scorer) => [scorer, scores[scorer]])),
      baseline: scores.baseline,
    }),
  );
  return `${lines.join('\n')}\n`;
}
