import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { FileError } from '../../../lib/files/file-error.ts';
import { beginOutputFile, replaceFile } from '../../../lib/files/output-file.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';

const WORK_FOLDER = createWorkFolder();
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(WORK_FOLDER, 'case-'));
  path = join(folder, 'export.csv');
});

describe('an output file', () => {
  it('is there when it is complete, and nothing else is', () => {
    const file = beginOutputFile(path);
    file.write('first, ');
    file.write('second');
    expect(existsSync(path)).toBe(false);

    file.finish();
    file.discard();

    expect(readFileSync(path, 'utf8')).toBe('first, second');
    expect(readdirSync(folder)).toEqual(['export.csv']);
  });

  it('leaves nothing behind when it is given up', () => {
    const file = beginOutputFile(path);
    file.write('half of it');

    file.discard();

    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps what is there until its replacement is complete, and its permissions after that', () => {
    writeFileSync(path, 'older');
    chmodSync(path, 0o640);
    const file = beginOutputFile(path);
    file.write('newer');
    expect(readFileSync(path, 'utf8')).toBe('older');

    file.finish();

    expect(readFileSync(path, 'utf8')).toBe('newer');
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it('replaces what a symbolic link leads to, not the link', () => {
    const link = join(folder, 'link');
    writeFileSync(path, 'older');
    symlinkSync(path, link);

    replaceFile(link, 'newer');

    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('newer');
  });

  it('may have the longest name that there is', () => {
    const longest = join(folder, 'x'.repeat(255));

    replaceFile(longest, 'content');

    expect(readFileSync(longest, 'utf8')).toBe('content');
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('may be a device, which stays one', () => {
    replaceFile('/dev/null', 'content');

    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('names what it is and what is wrong with it, and leaves nothing behind', () => {
    mkdirSync(path);
    const refusal = (name: string, mustBeOrdinary = false) => {
      try {
        return beginOutputFile(name, { what: 'the report', mustBeOrdinary });
      } catch (error) {
        expect(error).toBeInstanceOf(FileError);
        return (error as Error).message;
      }
    };

    expect(refusal(path)).toBe(`cannot write the report ${path}: it is a folder; name a file in it`);
    expect(refusal(join(folder, 'no', 'where'))).toBe(
      `cannot write the report ${folder}/no/where: there is no folder ${folder}/no; create it, or name a file elsewhere`,
    );
    expect(refusal('/dev/null', true)).toBe(
      'cannot write the report /dev/null: it is a device or a pipe; name an ordinary file',
    );
    expect(readdirSync(folder)).toEqual(['export.csv']);
  });

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full', () => {
    const file = beginOutputFile('/dev/full');

    expect(() => file.write('content')).toThrow(
      new FileError('cannot write /dev/full: the disk is full; free some space, or name a file elsewhere'),
    );
    file.discard();
  });

  it('does not replace anything after its place was taken by a folder', () => {
    const file = beginOutputFile(path);
    file.write('content');
    mkdirSync(path);
    writeFileSync(join(path, 'inside'), '');

    expect(() => file.finish()).toThrow(`cannot write ${path}: it is a folder; name a file in it`);
    file.discard();

    expect(readdirSync(folder)).toEqual(['export.csv']);
  });
});
