import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateMutants } from '../../mutation/generate-mutants.ts';
import type { Mutant } from '../../mutation/mutant.ts';
import { readOptions, UsageError } from '../../mutation/options.ts';
import { countByFolder, type Judged, reportJson, reportLines } from '../../mutation/report.ts';
import { type Outcome, ResultsFile } from '../../mutation/results.ts';

const [boundary, reversed] = generateMutants('lib/a/b.ts', 'f(a < b);').filter(
  ({ kind }) => kind === 'comparison',
) as [Mutant, Mutant];

function resultOf({ key, sourceDigest }: Mutant, outcome: Outcome) {
  return { key, sourceDigest, digest: 'tests', outcome };
}

describe('ResultsFile', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'mutation-')), 'below/results.ndjson');

  it('holds the last result of each mutant after an interruption', () => {
    const results = new ResultsFile(path);
    results.add(resultOf(boundary, 'survived'));
    results.add(resultOf(boundary, 'killed'));
    appendFileSync(path, '{"key":"cut sho');

    const again = new ResultsFile(path);

    expect(again.find(boundary)?.outcome).toBe('killed');
    expect(again.find(reversed)).toBeUndefined();
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(2);
  });

  it('knows nothing of a file that has changed', () => {
    expect(new ResultsFile(path).find({ ...boundary, sourceDigest: 'another' })).toBeUndefined();
  });
});

describe('the report', () => {
  const judged: Judged[] = [
    { mutant: boundary, outcome: 'survived' },
    { mutant: reversed, outcome: 'killed' },
    { mutant: { ...reversed, file: 'lib/c/d.ts' }, outcome: 'timeout' },
    { mutant: { ...reversed, file: 'lib/c/d/e.ts' }, outcome: 'equivalent' },
  ];

  it('counts by folder and leaves equivalent mutants out of the share', () => {
    expect(countByFolder(judged)).toMatchObject([
      { folder: 'lib/a', mutants: 2, killed: 1, survived: 1, killedPercent: 50 },
      { folder: 'lib/c', mutants: 2, timeout: 1, equivalent: 1, killedPercent: 100 },
      { folder: 'all', mutants: 4, killedPercent: 66.7 },
    ]);
  });

  it('ends with the survivors, with place, change and line', () => {
    expect(reportLines(judged).at(-1)).toContain('lib/a/b.ts:1  < -> <=');
    expect(reportLines(judged.slice(1)).at(-1)).toContain('No mutant survived.');
    expect(JSON.parse(reportJson(judged)).survivors).toEqual([
      { file: 'lib/a/b.ts', line: 1, kind: 'comparison', original: '<', replacement: '<=' },
    ]);
  });
});

describe('readOptions', () => {
  it('mutates four folders where none is named', () => {
    const { only, seed, sample } = readOptions([]);

    expect({ folders: only.length, seed, sample }).toEqual({ folders: 4, seed: 1, sample: undefined });
  });

  it('takes paths as a shell completes them', () => {
    expect(readOptions(['--only', './lib/store/']).only).toEqual(['lib/store']);
  });

  it.each([
    { args: ['--sample', '0'], reason: '--sample takes a whole number, 1 or more' },
    { args: ['--workers', '3'], reason: '--workers takes a whole number, from 1 to 2' },
    { args: ['--seed', 'x'], reason: '--seed takes a whole number, 0 or more' },
    { args: ['--surviving'], reason: "Unknown option '--surviving'" },
  ])('refuses $args', ({ args, reason }) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(reason);
  });
});
