import { describe, expect, it } from 'vitest';
import { type AssessedConnections, layOutParts } from '../../../lib/store/address-parts.ts';
import { plainAssessment } from '../../factories/assessments.ts';
import { placedRows } from '../../factories/items.ts';

/** An assessment whose text takes 10 bytes, or the given number. */
const group = (name: string, rows: readonly string[], text = name.padEnd(10, '.')): AssessedConnections => ({
  assessment: plainAssessment(),
  text,
  rows: placedRows(rows),
});

/** The rows of each part under the first letter of their assessment. */
const laidOut = (groups: readonly AssessedConnections[], maxContentBytes: number) =>
  layOutParts(groups, maxContentBytes).map((part) =>
    part.groups.map(({ text, rows }) => [text.charAt(0), ...rows.map((row) => row.text)]),
  );

describe('layOutParts', () => {
  // A row takes its bytes and one for the separator.
  it.each<[string, AssessedConnections[], number, string[][][]]>([
    ['fills a part to the last byte', [group('a', ['1111', '2222'])], 20, [[['a', '1111', '2222']]]],
    [
      'begins another one where a byte is lacking',
      [group('a', ['1111', '2222'])],
      19,
      [[['a', '1111']], [['a', '2222']]],
    ],
    [
      'repeats the assessment in each part, and counts it there',
      [group('a', ['1111', '2222', '3333', '4444'])],
      20,
      [[['a', '1111', '2222']], [['a', '3333', '4444']]],
    ],
    [
      'puts several assessments into a part',
      [group('a', ['1111']), group('b', ['2222'])],
      30,
      [
        [
          ['a', '1111'],
          ['b', '2222'],
        ],
      ],
    ],
    [
      'leaves no trace of an assessment where none of its rows fits',
      [group('a', ['1111']), group('b', ['2222'])],
      29,
      [[['a', '1111']], [['b', '2222']]],
    ],
    [
      'gives a row that is too large a part of its own, and none that is empty',
      [group('a', ['1'.repeat(50), '2222'])],
      20,
      [[['a', '1'.repeat(50)]], [['a', '2222']]],
    ],
    [
      'counts bytes and not characters of rows',
      [group('a', ['üü', 'üü'])],
      19,
      [[['a', 'üü']], [['a', 'üü']]],
    ],
    [
      'counts bytes and not characters of assessments',
      [group('a', ['1111', '2222'], 'aüüüü.')],
      19,
      [[['a', '1111']], [['a', '2222']]],
    ],
  ])('%s', (_, groups, maxContentBytes, expected) => {
    expect(laidOut(groups, maxContentBytes)).toEqual(expected);
  });

  it('gives the same records the same name, whatever assessments divide them', () => {
    const [first, second, third] = placedRows(['1', '2', '3']);
    const named = (...rows: unknown[]) =>
      layOutParts(rows.map((each) => ({ ...group('a', []), rows: each }) as AssessedConnections)).map(
        ({ records }) => records,
      );

    expect(named([first, second, third])).toEqual(named([third], [first, second]));
    expect(named([first, second])).not.toEqual(named([first, second, third]));
  });
});
