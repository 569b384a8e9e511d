import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { CliError } from '../../../../lib/cli/cli-error.ts';
import { beginOutputFile } from '../../../../lib/cli/export/output-file.ts';
import { createWorkFolder } from '../../../fixtures/service/command-line.ts';

const WORK_FOLDER = createWorkFolder();
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(WORK_FOLDER, 'case-'));
  path = join(folder, 'export.csv');
});

describe('an output file', () => {
  it('is there when it is complete, and nothing else is', () => {
    const file = beginOutputFile(path, false);
    writeFileSync(file.temporaryPath, 'content');
    expect(existsSync(path)).toBe(false);

    file.finish();
    file.discard();

    expect(readFileSync(path, 'utf8')).toBe('content');
    expect(readdirSync(folder)).toEqual(['export.csv']);
  });

  it('leaves nothing behind when it is given up', () => {
    const file = beginOutputFile(path, false);
    writeFileSync(file.temporaryPath, 'half of it');

    file.discard();

    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves what is there alone', () => {
    writeFileSync(path, 'older');

    expect(() => beginOutputFile(path, false)).toThrow(
      new CliError(`${path} is there already; --force replaces it`),
    );
    expect(readFileSync(path, 'utf8')).toBe('older');
    expect(readdirSync(folder)).toEqual(['export.csv']);
  });

  it('leaves alone what came meanwhile', () => {
    const file = beginOutputFile(path, false);
    writeFileSync(path, "somebody else's");

    expect(() => file.finish()).toThrow(CliError);
    expect(readFileSync(path, 'utf8')).toBe("somebody else's");
  });

  it('keeps what is there until its replacement is complete', () => {
    writeFileSync(path, 'older');
    const file = beginOutputFile(path, true);
    writeFileSync(file.temporaryPath, 'newer');
    expect(readFileSync(path, 'utf8')).toBe('older');

    file.finish();

    expect(readFileSync(path, 'utf8')).toBe('newer');
  });

  it('needs a folder', () => {
    expect(() => beginOutputFile(join(folder, 'nowhere', 'export.csv'), false)).toThrow(CliError);
  });
});
