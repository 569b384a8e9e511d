import type { LabelledInput } from './labelled-set.ts';

/** How much earlier rows are looked at; days. Gaps in reporting and late reports are of this size. */
const LOOK_BACK_DAYS = [7, 14, 21, 28];

/**
 * Rows as they would have looked some weeks earlier: an address last reported 30 days ago was last reported 9 days ago
 * when it was asked about 21 days earlier. Rows with younger reports are left out, as it cannot be told what was known then.
 *
 * What happened to an address stays as it is labelled. So a model learns from these rows how much of freshness is left
 * where the question reaches weeks further ahead, as it does when a feed has a gap.
 */
export function lookBack(rows: readonly LabelledInput[]): LabelledInput[] {
  return LOOK_BACK_DAYS.flatMap((days) => lookBackBy(days, rows));
}

export function lookBackBy(days: number, rows: readonly LabelledInput[]): LabelledInput[] {
  return rows.flatMap((row) => {
    const age = row.input.report_age_days;
    if (age === undefined || age < days) return [];
    return [{ ...row, input: { ...row.input, report_age_days: age - days } }];
  });
}
