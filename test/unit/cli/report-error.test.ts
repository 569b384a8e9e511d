import { CommanderError } from 'commander';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ServiceError } from '../../../lib/aws/service-error.ts';
import { CliError, InterruptedError } from '../../../lib/cli/cli-error.ts';
import { reportError } from '../../../lib/cli/report-error.ts';
import { FileError } from '../../../lib/files/file-error.ts';
import { OutputClosedError } from '../../../lib/files/standard-output.ts';
import { LocalStackError } from '../../../lib/local/errors.ts';
import { InputError } from '../../../lib/logs/input-error.ts';

let printed: string;

beforeEach(() => {
  printed = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

function systemError(code: string, syscall: string, path?: string): Error {
  return Object.assign(new Error(`${code}: reason, ${syscall}`), { code, syscall, ...(path && { path }) });
}

describe('error messages to the user', () => {
  it.each<[string, unknown, number, string]>([
    ['of a file', new FileError('cannot write it'), 1, 'error: cannot write it\n'],
    [
      'of a file that nobody translated',
      systemError('ENOSPC', 'write', '/a/b'),
      1,
      'error: cannot write /a/b: the disk is full; free some space, or name a file elsewhere\n',
    ],
    [
      'of a file that nobody translated, when reading',
      systemError('EIO', 'read', '/a/b'),
      1,
      'error: cannot read /a/b: the device reported an I/O error; check the device, or name a file elsewhere\n',
    ],
    [
      "of the embedded table's files",
      new Error('IO error: state/dynamodb/000003.log: No space left on device'),
      1,
      'error: cannot write state/dynamodb/000003.log: the disk is full; free some space, or name a file elsewhere\n',
    ],
    [
      'of a connection, which is no file',
      systemError('ECONNREFUSED', 'connect'),
      1,
      'error: unexpected: Error: ECONNREFUSED: reason, connect\n',
    ],
    [
      'of a service',
      new ServiceError('unavailable', 'could not send.'),
      1,
      'error: could not send; is it running, and do AWS_REGION and AWS_ENDPOINT_URL_... point to it?\n',
    ],
    [
      'of the embedded stack',
      new LocalStackError('data_directory_locked', 'The data directory is\nin use.'),
      1,
      'error: The data directory is in use.\n',
    ],
    ['of an input', new InputError('the array is cut short'), 1, 'error: the array is cut short\n'],
    ['of anything else', new TypeError('x'), 1, 'error: unexpected: TypeError: x\n'],
    ['of a wrong call', new CliError('which queue?', 2), 2, 'error: which queue?\n'],
    ['that commander has reported', new CommanderError(1, 'code', 'message'), 2, ''],
    ['that is help', new CommanderError(0, 'code', 'message'), 0, ''],
    ['of a reader that has gone', new OutputClosedError(), 0, ''],
    ['of an interruption', new InterruptedError(), 130, ''],
  ])('%s', (_, error, code, line) => {
    expect(reportError(error)).toBe(code);
    expect(printed).toBe(line);
  });
});
