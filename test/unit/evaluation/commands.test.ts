import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { HEADING, makeCsv } from './labelled-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'evaluation-'));
const set = join(folder, 'tiny.csv.gz');
writeFileSync(set, gzipSync(makeCsv()));
const later = join(folder, 'later.csv');
writeFileSync(later, makeCsv(20, '2026-03-01'));
const oneClass = join(folder, 'benign.csv');
writeFileSync(oneClass, `${HEADING}\nT,a,2026-01-01,US,0,25,,,,,0\n`);

interface Finished {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

function run(command: 'train' | 'evaluate', ...args: string[]): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(process.execPath, [`lib/evaluation/${command}.ts`, ...args], (error, output, errors) => {
      resolve({ exitCode: Number(error?.code ?? 0), output, errors });
    });
  });
}

describe('train', () => {
  it.each(['ml_based', 'statistical'])(
    'writes the same bytes for %s each time, with provenance',
    async (scorer) => {
      const paths = ['first', 'second'].map((name) => join(folder, `${name}-${scorer}.json`));

      for (const path of paths) {
        const { exitCode, errors } = await run(
          'train',
          set,
          '--scorer',
          scorer,
          '--date',
          '2026-11-22',
          '-o',
          path,
        );
        expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
      }

      const [first = '', second = ''] = paths.map((path) => readFileSync(path, 'utf8'));
      expect(second).toBe(first.replaceAll('first-', 'second-'));
      expect(JSON.parse(first).provenance).toMatchObject({
        fitted_on: '2026-11-22',
        sets: [{ file: 'tiny.csv.gz', as_of: '2026-01-01', rows: 200, malicious: 76 }],
      });
    },
  );

  it('validates on other networks, on other days, and with a gap in reporting', async () => {
    const path = join(folder, 'two-days.json');

    const { errors } = await run('train', set, later, '-o', path);

    expect(errors).toBe('');
    const { validation } = JSON.parse(readFileSync(path, 'utf8')).provenance;
    expect(Object.keys(validation)).toEqual([
      '5 folds by network',
      'fitted on sets of other days',
      '5 folds, asked 21 days earlier',
    ]);
    for (const figures of Object.values(validation)) {
      expect(Object.keys(figures as object)).toEqual(['tiny.csv.gz', 'later.csv']);
    }
  });
});

describe('train --lists', () => {
  it('learns weights that evaluate scores with', async () => {
    const lines = makeCsv().trimEnd().split('\n');
    const listed = lines.slice(1).map((line) => `${line},${line.endsWith(',1') ? 'Good list; other' : ''}`);
    const labelled = join(folder, 'listed.csv');
    writeFileSync(labelled, [`${lines[0]},listed_by`, ...listed].join('\n'));
    const weights = join(folder, 'weights.json');

    const trained = await run('train', labelled, '--lists', '--date', '2026-11-22', '-o', weights);
    const [without, withLists] = await Promise.all([
      run('evaluate', labelled, '--json'),
      run('evaluate', labelled, '--json', '--list-weights', weights),
    ]);

    expect(trained).toEqual({ exitCode: 0, output: '', errors: '' });
    expect(JSON.parse(readFileSync(weights, 'utf8'))).toMatchObject({
      rows: { malicious: 76, benign: 124 },
      lists: { 'Good list': { weight: expect.any(Number), malicious: 76, benign: 0 }, other: {} },
      provenance: { reproduce: expect.stringContaining('--lists --date 2026-11-22'), validation: {} },
    });
    expect(withLists).toMatchObject({ exitCode: 0, errors: '' });
    const recallOf = (output: string) => JSON.parse(output).sets[0].scorers.consensus.recall.value;
    expect(recallOf(withLists.output)).toBeGreaterThan(recallOf(without.output));
  });
});

describe('evaluate', () => {
  it('prints a table per set', async () => {
    const { exitCode, output } = await run('evaluate', set);

    expect(exitCode).toBe(0);
    expect(output).toContain('tiny.csv.gz: 200 rows');
    for (const row of ['consensus', 'statistical', 'rule_based', 'ml_based', 'baseline']) {
      expect(output).toMatch(new RegExp(`^${row} +\\d`, 'm'));
    }
  });

  it('gives every figure with its interval as JSON', async () => {
    const { output } = await run('evaluate', set, later, '--json');

    const { sets } = JSON.parse(output);
    expect(sets.map(({ set, rows }: { set: string; rows: number }) => [set, rows])).toEqual([
      ['tiny.csv.gz', 200],
      ['later.csv', 100],
    ]);
    const { value, interval } = sets[0].scorers.consensus.auc;
    expect(interval[0]).toBeLessThanOrEqual(value);
    expect(interval[1]).toBeGreaterThanOrEqual(value);
    expect(sets[0].error_correlations).toHaveLength(3);
  });

  it("prints each row's votes with --ndjson, one class or two", async () => {
    const { output } = await run('evaluate', later, oneClass, '--ndjson');

    const rows = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(101);
    expect(rows[0]).toMatchObject({ set: 'later.csv', line: 2, group: '0', label: 0 });
    for (const { votes, consensus_score } of rows) {
      const scores = Object.values<number>(votes).sort((a, b) => a - b);
      expect(Object.keys(votes)).toEqual(['statistical', 'rule_based', 'ml_based']);
      expect(consensus_score).toBe(scores[1]);
    }
  });

  it('measures scorers fitted on other folds', async () => {
    const { exitCode, output } = await run('evaluate', set, '--folds', '2', '--json');

    expect(exitCode).toBe(0);
    expect(JSON.parse(output).sets[0].rows).toBe(200);
  });
});

describe('a command', () => {
  it.each([
    { name: 'no set', command: 'evaluate' as const, args: [], exitCode: 2, message: 'no set given' },
    {
      name: 'an unknown option',
      command: 'evaluate' as const,
      args: ['--fold', '3'],
      exitCode: 2,
      message: "Unknown option '--fold'",
    },
    {
      name: 'bad folds',
      command: 'evaluate' as const,
      args: [set, '--folds', '1'],
      exitCode: 2,
      message: '--folds is not',
    },
    {
      name: 'an absent set',
      command: 'evaluate' as const,
      args: ['absent.csv.gz'],
      exitCode: 1,
      message: 'cannot read absent.csv.gz: there is no such file',
    },
    {
      name: 'a set of one class',
      command: 'evaluate' as const,
      args: [oneClass],
      exitCode: 1,
      message: 'benign.csv: all 1 rows are benign; both classes are needed to measure',
    },
    {
      name: 'two formats at once',
      command: 'evaluate' as const,
      args: [set, '--json', '--ndjson'],
      exitCode: 2,
      message: '--json and --ndjson cannot share standard output',
    },
    {
      name: 'a page that cannot be written',
      command: 'evaluate' as const,
      args: [set, '--html', join(folder, 'absent', 'page.html')],
      exitCode: 1,
      message: 'page.html: there is no folder',
    },
    {
      name: 'nothing to learn of reports',
      command: 'train' as const,
      args: [oneClass, '-o', join(folder, 'none.json')],
      exitCode: 1,
      message: 'no set to fit on has 20 malicious and 20 benign addresses',
    },
    {
      name: 'no output',
      command: 'train' as const,
      args: [set],
      exitCode: 2,
      message: 'no output file given',
    },
    {
      name: 'an unknown scorer',
      command: 'train' as const,
      args: [set, '--scorer', 'x', '-o', 'y'],
      exitCode: 2,
      message: '--scorer is none of',
    },
  ])('ends with one line and no stack trace for $name', async ({ command, args, exitCode, message }) => {
    const finished = await run(command, ...args);

    expect(finished.exitCode).toBe(exitCode);
    expect(finished.errors).toContain(message);
    expect(finished.errors).not.toContain('    at ');
  });
});
