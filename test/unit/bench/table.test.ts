import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { formatNumber, tableLines } from '../../bench/table.ts';

describe('tableLines', () => {
  it('puts figures under each other with their budgets beside them', () => {
    const lines = tableLines([
      {
        name: 'engine',
        summary: 'how fast',
        figures: [
          {
            name: 'bare',
            value: 500_000,
            unit: 'assessments/s',
            calibration: 1_234.5,
            budget: { atLeast: 330_000 },
          },
          { name: 'with intelligence', value: 2.3456, unit: 'µs', calibration: 1_234.5 },
        ],
      },
      {
        name: 'memory',
        summary: 'how large',
        figures: [{ name: 'log', value: 300, unit: 'MB', budget: { atMost: 256 } }],
      },
    ]);

    expect(lines.map(stripVTControlCharacters)).toEqual([
      '',
      'engine  how fast',
      '  bare                500,000   assessments/s   at 1,235 loops/s   >= 330,000  met',
      '  with intelligence      2.35   µs              at 1,235 loops/s',
      '',
      'memory  how large',
      '  log                     300   MB                                 <= 256  not met',
    ]);
  });
});

describe('formatNumber', () => {
  it.each([
    [1_234_567.8, '1,234,568'],
    [100, '100'],
    [99.96, '100'],
    [12.345, '12.3'],
    [0.04567, '0.0457'],
    [0, '0'],
  ])('%d is %s', (value, expected) => {
    expect(formatNumber(value)).toBe(expected);
  });
});
