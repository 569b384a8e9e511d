import { describe, expect, it } from 'vitest';
import { csvLine } from '../../../../../lib/cli/output/export/csv.ts';

describe('csvLine', () => {
  it.each([
    { cells: ['203.0.113.7', 443, 0.5], line: '203.0.113.7,443,0.5' },
    { cells: [undefined, null, ''], line: ',,' },
    { cells: [true, false], line: '1,0' },
    { cells: ['{"a":"b"}'], line: '"{""a"":""b""}"' },
    { cells: ['one,two', 'one\r\ntwo', 'one two'], line: '"one,two","one\r\ntwo",one two' },
    { cells: ['one\ntwo', 'one\rtwo'], line: '"one\ntwo","one\rtwo"' },
  ])('writes $cells as RFC 4180 has it', ({ cells, line }) => {
    expect(csvLine(cells)).toBe(line);
  });

  it.each([
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', `"'\rx"`],
    ['\uff1dSUM(A1)', "'\uff1dSUM(A1)"],
  ])('keeps a spreadsheet from running %j', (text, field) => {
    expect(csvLine([text])).toBe(field);
  });

  it('leaves numbers numbers', () => {
    expect(csvLine([-1.5, 1e21])).toBe('-1.5,1e+21');
  });
});
