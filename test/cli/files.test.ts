import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { callInto, callWith, ONE_LINE_ERROR, type Variables } from '../fixtures/cli/calls.ts';
import { COMMAND, createWorkFolder, start } from '../fixtures/service/command-line.ts';
import type { Outcome } from '../fixtures/service/outcome.ts';

const folder = createWorkFolder();
const evaluation = (name: string) =>
  fileURLToPath(new URL(`../../lib/evaluation/${name}.ts`, import.meta.url));

/** Nothing listens there: the calls fail before anything is sent or read. */
const NOWHERE: Variables = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  TABLE_NAME: 'table',
  WORK_QUEUE_URL: 'http://127.0.0.1:1/queue',
};
const call = callWith(NOWHERE);

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const RECORD = {
  timestamp: 1_790_000_000,
  src_ip: '10.20.4.9',
  dst_ip: '203.0.113.7',
  dst_port: 443,
  protocol: 'tcp',
};
const DATABASE = join(folder, 'connections.sqlite');
new DatabaseSync(DATABASE).exec('CREATE TABLE connections (timestamp REAL)');
const RECORDS = file('records.ndjson', `${JSON.stringify(RECORD)}\n{}\n`);
const SET = file('set.csv', 'group,as_of,label\n');
const FOLDER = join(folder, 'folder');
mkdirSync(FOLDER);
const BELOW_FILE = join(RECORDS, 'below');
const NO_FOLDER = join(folder, 'none', 'file');

const FOLDER_BELOW = join(FOLDER, 'temporary');

const IS_FOLDER = `${FOLDER}: it is a folder; name a file in it`;
const IS_BELOW_FILE = `${BELOW_FILE}: ${RECORDS} is not a folder; check the path`;
const HAS_NO_FOLDER = `${NO_FOLDER}: there is no folder ${join(folder, 'none')}; create it, or name a file elsewhere`;
const NOT_BELOW_PROC = '/proc/file: nothing can be created there; name a file elsewhere';

/** The commands that write files: the call, and the file's name in messages. */
const WRITERS: Readonly<
  Record<string, { readonly args: readonly string[]; readonly what: string; readonly end?: string }>
> = {
  'an export': { args: ['export', '--output'], what: '' },
  'a report': { args: ['compare', '--html'], what: 'the report ' },
  rejects: { args: ['push', RECORDS, '--rejects'], what: 'the rejects ', end: '. Nothing was sent' },
  'a checkpoint': {
    args: ['push', RECORDS, '--checkpoint'],
    what: 'the checkpoint ',
    end: '. Nothing was sent',
  },
};

const PLACES: Readonly<Record<string, readonly [path: string, explanation: string]>> = {
  'in no folder': [NO_FOLDER, HAS_NO_FOLDER],
  'below /proc': ['/proc/file', NOT_BELOW_PROC],
};
const READ_FIRST: Readonly<Record<string, readonly [path: string, explanation: string]>> = {
  'that is a folder': [FOLDER, IS_FOLDER],
  'below a file': [BELOW_FILE, IS_BELOW_FILE],
};

const cases = Object.entries(WRITERS).flatMap(([writer, { args, what, end = '' }]) =>
  Object.entries({ ...PLACES, ...READ_FIRST }).map(([place, [path, explanation]]) => {
    const action = writer === 'a checkpoint' && place in READ_FIRST ? 'read' : 'write';
    const line = `error: cannot ${action} ${what}${explanation}${end}\n`;
    return [`${writer} ${place}`, [...args, path], line] as const;
  }),
);

describe.concurrent('a file that cannot be written is reported in one line, before anything is sent or read', () => {
  it.for(cases)('%s', async ([, args, line]) => {
    expect(await call(...args)).toEqual({ end: 1, stdout: '', stderr: line });
  });

  it.for<[string, readonly string[], string]>([
    [
      'the page of an evaluation',
      [evaluation('evaluate'), SET, '--html', NO_FOLDER],
      `the page ${HAS_NO_FOLDER}`,
    ],
    ['a trained model', [evaluation('train'), SET, '-o', FOLDER], `the model ${IS_FOLDER}`],
  ])('%s', async ([, args, explanation]) => {
    const { end, stdout, stderr } = await start(process.execPath, args).ended;

    expect({ end, stdout, stderr }).toEqual({ end: 1, stdout: '', stderr: `cannot write ${explanation}\n` });
  });

  it.for<[string, readonly string[], string]>([
    [
      'a data folder below /proc',
      ['run', RECORDS, '--data', '/proc/a/b'],
      '/proc/a/b cannot be used: nothing can',
    ],
    ['a data folder below a file', ['run', RECORDS, '--data', BELOW_FILE], `${RECORDS} is not a folder`],
    [
      'rejects that are the input',
      ['push', RECORDS, '--rejects', RECORDS],
      'is the input: name another file',
    ],
    ['a device as checkpoint', ['push', RECORDS, '--checkpoint', '/dev/zero'], 'it is a device or a pipe; '],
    [
      'a device as database',
      ['export', '--format', 'sqlite', '--output', '/dev/null'],
      'a device or a pipe; ',
    ],
    [
      'settings that are missing',
      ['replay', '--settings', NO_FOLDER],
      'there is no such file; check the path',
    ],
  ])('%s', async ([, args, explanation]) => {
    const { stdout, stderr, end } = await call(...args);

    expect(stdout).toBe('');
    expect(stderr).toMatch(ONE_LINE_ERROR);
    expect(stderr).toContain(explanation);
    expect(end).not.toBe(0);
  });

  it('a temporary folder that is missing', async () => {
    const command = start(
      'bash',
      [
        '--norc',
        '-c',
        'exec "$0" "$@" < "$DATABASE"',
        process.execPath,
        COMMAND,
        'score',
        '-',
        '--format',
        'sqlite',
      ],
      { TMPDIR: FOLDER_BELOW, DATABASE },
    );

    expect(await command.ended).toEqual({
      end: 1,
      stdout: '',
      stderr: `error: cannot write a temporary copy of the input in ${FOLDER_BELOW}: nothing can be created there; set TMPDIR to another folder\n`,
    });
  });

  it('a folder as standard input', async () => {
    const command = start('bash', [
      '--norc',
      '-c',
      'exec "$0" "$@" < /',
      process.execPath,
      COMMAND,
      'score',
      '-',
    ]);

    expect(await command.ended).toEqual({
      end: 1,
      stdout: '',
      stderr: 'error: standard input is a folder: redirect a file of records\n',
    });
  });

  it('leaves nothing behind', () => {
    expect(readdirSync(folder).sort()).toEqual(['connections.sqlite', 'folder', 'records.ndjson', 'set.csv']);
  });
});

async function intoFull(file: string, ...args: readonly string[]): Promise<Outcome> {
  const command = start(
    'bash',
    ['--norc', '-c', 'exec "$0" "$@" > /dev/full', process.execPath, file, ...args],
    NOWHERE,
  );
  command.process.stdin.end();
  return await command.ended;
}

const FULL = 'cannot write standard output: the disk is full; free some space, or redirect it elsewhere\n';

describe.skipIf(!existsSync('/dev/full'))('standard output on a full disk', () => {
  it.concurrent.for<readonly string[]>([
    ['--help'],
    ['--version'],
    ['push', '--help'],
    ['score', RECORDS],
    ['scale', '--rate', '100'],
    ['push', RECORDS, '--dry-run', '--json'],
  ])('fails %j in one line', async (args) => {
    const { end, stderr } = await intoFull(COMMAND, ...args);

    // Invalid lines are reported first.
    expect(stderr.replace(/^line 2: .*\n/, '')).toBe(`error: ${FULL}`);
    expect(end).toBe(1);
  });

  it.concurrent.for(['evaluate', 'train'])('fails the help of %s', async (name) => {
    expect(await intoFull(evaluation(name), '--help')).toMatchObject({ end: 1, stderr: FULL });
  });

  it.concurrent('does not hide what else is wrong', async () => {
    const { end, stderr } = await intoFull(COMMAND, 'score', NO_FOLDER);

    expect({ end, stderr }).toEqual({
      end: 1,
      stderr: `error: cannot read ${NO_FOLDER}: there is no such file; check the path\n`,
    });
  });

  it.concurrent('and rejects there are reported', async () => {
    const { end, stdout, stderr } = await call('push', RECORDS, '--dry-run', '--rejects', '/dev/full');

    expect({ end, stdout, stderr }).toEqual({
      end: 1,
      stdout: '',
      stderr:
        'error: cannot write the rejects /dev/full: the disk is full; free some space, or name a file elsewhere\n',
    });
  });
});

it('standard error that nobody can read leaves the exit code', async () => {
  const script = 'exec "$0" "$@" 2> /dev/full';
  const command = start(
    'bash',
    ['--norc', '-c', script, process.execPath, COMMAND, 'scale', '--rate', 'x'],
    NOWHERE,
  );

  expect(await command.ended).toEqual({ end: 2, stdout: '', stderr: '' });
});

describe.concurrent('a reader that has seen enough is no failure', () => {
  it.for<readonly string[]>([['--help'], ['score'], ['scale', '--rate', '100']])('of %j', async (args) => {
    const { end, stdout, stderr } = await callInto('head -1', NOWHERE, args);

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(2);
  });
});

it('a checkpoint is there before anything is sent', async () => {
  const checkpoint = join(folder, 'checkpoint');
  const command = start(process.execPath, [COMMAND, 'push', RECORDS, '--checkpoint', checkpoint], NOWHERE);
  command.process.stdin.end();
  const { end, stderr } = await command.ended;

  expect(end).toBe(1);
  expect(stderr).toMatch(/^error: could not send to the queue: /);
  expect(JSON.parse(readFileSync(checkpoint, 'utf8'))).toMatchObject({ totals: { read: 0, sent: 0 } });
});
