import type { LabelledInput } from './labelled-set.ts';

/** How far back rows are shifted, in days: the size of gaps in reporting and of late reports. */
const LOOK_BACK_DAYS = [7, 14, 21, 28];

/**
 * Rows as they would have looked some weeks earlier: an address last reported 30 days ago was last reported 9 days ago
 * if queried 21 days earlier. Rows with more recent reports are left out, since what was known then is unknown.
 *
 * Labels are unchanged. So a model learns from these rows how much freshness is worth if the outcome lies weeks further
 * ahead, as it does when a feed has a gap.
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
