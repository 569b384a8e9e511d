import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { FileError, fileError, isFileSystemError, withFile } from '../../../lib/files/file-error.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';

const FOLDER = mkdtempSync(join(createWorkFolder(), 'case-'));
const FILE = join(FOLDER, 'file');
writeFileSync(FILE, '');
const MISSING = join(FOLDER, 'no', 'such', 'file');

function failure(code: string, syscall = 'write'): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: some reason, ${syscall} '${FILE}'`), { code, syscall });
}

describe('an error of the file system', () => {
  it.each<[string, string, string]>([
    ['ENOSPC', FILE, 'the disk is full; free some space, or name a file elsewhere'],
    ['EDQUOT', FILE, 'the disk quota is used up; free some space, or name a file elsewhere'],
    ['EROFS', FILE, 'the file system is read-only; name a file elsewhere'],
    [
      'EACCES',
      FILE,
      'permission denied; change the permissions of the file and its folder, or name a file elsewhere',
    ],
    [
      'EPERM',
      FILE,
      'permission denied; change the permissions of the file and its folder, or name a file elsewhere',
    ],
    ['ENOENT', MISSING, `there is no folder ${join(FOLDER, 'no')}; create it, or name a file elsewhere`],
    ['ENOENT', FILE, 'nothing can be created there; name a file elsewhere'],
    ['ENOENT', 'relative', 'nothing can be created there; name a file elsewhere'],
    ['ENOTDIR', join(FILE, 'a', 'b'), `${FILE} is not a folder; check the path`],
    ['EISDIR', FOLDER, 'it is a folder; name a file in it'],
    ['ENAMETOOLONG', FILE, 'the name is too long; choose a shorter one'],
    ['ELOOP', FILE, 'its symbolic links form a loop; check the path'],
    ['EMFILE', FILE, 'too many files are open; close other programs, or raise the limit (`ulimit -n`)'],
    ['EFBIG', FILE, 'the file would be too large; raise the limit (`ulimit -f`), or name a file elsewhere'],
    ['EIO', FILE, 'the device reported an I/O error; check the device, or name a file elsewhere'],
    ['EBUSY', FILE, 'another program is using it; try again later, or name a file elsewhere'],
    ['EPIPE', FILE, 'the program reading it has ended; start that again'],
    ['ENXIO', FILE, 'there is no such device; check the path'],
    ['EINVAL', FILE, 'the file system does not support it; name a file elsewhere'],
    ['ESTALE', FILE, 'some reason; check the path, or name a file elsewhere'],
  ])('%s says what is wrong and what to do', (code, path, explanation) => {
    const error = fileError(failure(code), { action: 'write', path, what: 'the report' });

    expect(error).toBeInstanceOf(FileError);
    expect(error.message).toBe(`cannot write the report ${path}: ${explanation}`);
    expect(error.cause).toMatchObject({ code });
  });

  it.each<[number, string]>([
    [13, 'the disk is full; free some space, or name a file elsewhere'],
    [8, 'the file system is read-only; name a file elsewhere'],
    [10 | (3 << 8), 'the device reported an I/O error; check the device, or name a file elsewhere'],
    [11, 'malformed; check the path, or name a file elsewhere'],
  ])('that SQLite gives as %d says it too', (errcode, explanation) => {
    const cause = Object.assign(new Error('malformed'), { code: 'ERR_SQLITE_ERROR', errcode });

    const { message } = fileError(cause, { action: 'write', path: FILE });

    expect(message).toBe(`cannot write ${FILE}: ${explanation}`);
  });

  it('while reading has other remedies', () => {
    const { message } = fileError(failure('ENOENT', 'open'), { action: 'read', path: MISSING });

    expect(message).toBe(`cannot read ${MISSING}: there is no such file; check the path`);
  });

  it('is told once', () => {
    const error = new FileError('cannot write it');

    expect(fileError(error, { action: 'read', path: FILE })).toBe(error);
    expect(error.with('Nothing was sent').message).toBe('cannot write it. Nothing was sent');
  });
});

describe('what is done with a file', () => {
  const use = { action: 'write', path: FILE } as const;

  it('fails by the name of the file', () => {
    const open = () => new DatabaseSync(join(FILE, 'database'));

    expect(() => withFile(use, open)).toThrow(
      `cannot write ${FILE}: unable to open database file; check the path, or name a file elsewhere`,
    );
  });

  it('leaves defects as they are', () => {
    const defect = new TypeError('x is not a function');

    expect(() =>
      withFile(use, () => {
        throw defect;
      }),
    ).toThrow(defect);
    expect(isFileSystemError(Object.assign(new Error(), { code: 'ERR_INVALID_ARG_TYPE' }))).toBe(false);
  });
});
