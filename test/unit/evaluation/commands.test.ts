import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeCsv } from './labelled-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'evaluation-'));
const set = join(folder, 'tiny.csv.gz');
writeFileSync(set, gzipSync(makeCsv()));

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
        sets: [{ file: 'tiny.csv.gz', rows: 200 }],
      });
    },
  );
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
      message: 'absent.csv.gz: ENOENT',
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
