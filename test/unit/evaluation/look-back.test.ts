import { describe, expect, it } from 'vitest';
import { lookBack, lookBackBy } from '../../../lib/evaluation/look-back.ts';
import { reportedRow, vendorRow } from './labelled-rows.ts';

describe('lookBackBy', () => {
  it('makes the last report younger and keeps everything else', () => {
    const row = reportedRow(30, true);

    expect(lookBackBy(21, [row])).toEqual([{ ...row, input: { ...row.input, report_age_days: 9 } }]);
  });

  it('leaves out what was not known yet, and what was never reported', () => {
    expect(lookBackBy(21, [reportedRow(20, true), vendorRow(1, false)])).toEqual([]);
  });
});

it('looks back by one to four weeks', () => {
  const ages = lookBack([reportedRow(21, true)]).map(({ input }) => input.report_age_days);

  expect(ages).toEqual([14, 7, 0]);
});
