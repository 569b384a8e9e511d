import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitListWeights } from '../../../lib/evaluation/fit-list-weights.ts';
import { type LabelledInput, parseLabelledRows } from '../../../lib/evaluation/labelled-set.ts';
import { readListWeights, withListings } from '../../../lib/evaluation/list-weights-file.ts';
import { HEADING, vendorRow } from './labelled-rows.ts';

/** This many rows of a class on the same lists. */
function rows(count: number, isMalicious: boolean, ...listedBy: string[]): LabelledInput[] {
  return Array.from({ length: count }, () => ({ ...vendorRow(0, isMalicious), listedBy }));
}

describe('fitListWeights', () => {
  it('is the ratio of the shares that a list names, less one standard error', () => {
    const { lists, rows: counted } = fitListWeights([
      [...rows(400, true, 'good'), ...rows(600, true), ...rows(40, false, 'good'), ...rows(9_960, false)],
    ]);

    expect(counted).toEqual({ malicious: 1_000, benign: 10_000 });
    // (400.5 / 1000.5) / (40.5 / 10000.5) = 98.8; the logarithm's standard error is 0.162.
    expect(lists.good).toEqual({ weight: 84.1, malicious: 400, benign: 40 });
  });

  it('believes a list that few rows speak for as far as these few support', () => {
    const { lists } = fitListWeights([
      [...rows(3, true, 'rare'), ...rows(300, true, 'common'), ...rows(697, true), ...rows(10_000, false)],
    ]);

    expect(lists.rare?.weight).toBeGreaterThan(8);
    expect(lists.rare?.weight).toBeLessThan(20);
    expect(lists.common?.weight).toBe(1_000);
  });

  it('never takes a list for a recommendation', () => {
    const { lists } = fitListWeights([
      [...rows(1, true, 'clean'), ...rows(99, true), ...rows(90, false, 'clean')],
    ]);

    expect(lists.clean).toEqual({ weight: 1, malicious: 1, benign: 90 });
  });

  it('counts a list once a row, and rows of all sets together, but of those that do not say', () => {
    const silent = [vendorRow(1, true), vendorRow(0, false)];
    const { lists, rows: counted } = fitListWeights([rows(2, true, 'a', 'a', 'b'), rows(2, false), silent]);

    expect(counted).toEqual({ malicious: 2, benign: 2 });
    expect(Object.keys(lists)).toEqual(['a', 'b']);
    expect(lists.a).toEqual(lists.b);
    expect(lists.a?.malicious).toBe(2);
  });

  it('is a weight that a list can have, whatever the rows', () => {
    const counts = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(counts, counts, fc.nat(400), fc.nat(400), (malicious, benign, inMalicious, inBenign) => {
        const { lists } = fitListWeights([
          [
            ...rows(malicious, true),
            ...rows(benign, false),
            ...rows(inMalicious, true, 'list'),
            ...rows(inBenign, false, 'list'),
          ],
        ]);

        const weight = lists.list?.weight ?? 1;
        expect(weight).toBeGreaterThanOrEqual(1);
        expect(weight).toBeLessThanOrEqual(1_000);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [
      'no row says which lists name it',
      [vendorRow(1, true), vendorRow(0, false)],
      'no set has the column listed_by',
    ],
    ['all rows are of one class', rows(3, true, 'a'), 'of one class only'],
  ])('learns nothing where %s', (_, given, message) => {
    expect(() => fitListWeights([given])).toThrow(message);
  });
});

describe('the column listed_by', () => {
  const parse = (listed: string) =>
    parseLabelledRows(`${HEADING},listed_by\nV,a,2026-01-01,GB,1,25,,,,,1,${listed}\n`)[0]?.listedBy;

  it.each([
    ['Spamhaus DROP; DShield ', ['Spamhaus DROP', 'DShield']],
    ['', []],
    [';', []],
  ])('%j names %j', (text, names) => {
    expect(parse(text)).toEqual(names);
  });

  it('is not needed, and then nothing is known', () => {
    expect(parseLabelledRows(`${HEADING}\nV,a,2026-01-01,GB,1,25,,,,,1\n`)[0]).not.toHaveProperty('listedBy');
  });

  it('refuses what is no name', () => {
    expect(() => parse('a#b')).toThrow(
      'line 2: listed_by is "a#b", expected names of lists, parted by semicolons',
    );
  });
});

describe('a file of weights', () => {
  const folder = mkdtempSync(join(tmpdir(), 'list-weights-'));

  async function readingOf(text: string) {
    const path = join(folder, 'weights.json');
    writeFileSync(path, text);
    return await readListWeights(path);
  }

  it('turns the names of lists into listings, as far as it has a weight for them', async () => {
    const weights = await readingOf(
      '{"lists": {"a": {"weight": 60, "malicious": 9}, "b": {"weight": 8, "family": "sensors"}}, "rows": {}}',
    );
    const [listed, unlisted] = [rows(1, true, 'b', 'c', 'a')[0], vendorRow(1, true)] as [
      LabelledInput,
      LabelledInput,
    ];

    const set = withListings({ name: 'x', sha256: '', rows: [listed, unlisted] }, weights);

    expect(set.rows[0]?.input.threat_intel?.listings).toEqual([
      { source: 'b', kind: 'malicious', weight: 8, family: 'sensors' },
      { source: 'a', kind: 'malicious', weight: 60 },
    ]);
    expect(set.rows[1]).toBe(unlisted);
  });

  it.each([
    ['{', 'weights.json holds no weights of lists: not JSON'],
    ['{}', 'weights.json holds no weights of lists: lists: '],
    ['{"lists": {"a": {"weight": 1001}}}', 'weights.json holds no weights of lists: lists.a.weight: '],
  ])('is refused where it is %s', async (text, message) => {
    await expect(readingOf(text)).rejects.toThrow(message);
  });

  it('is told to be missing', async () => {
    await expect(readListWeights(join(folder, 'missing.json'))).rejects.toThrow('there is no such file');
  });
});
