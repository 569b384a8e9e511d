import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWorkFolder, threatConsensus } from '../fixtures/service/command-line.ts';

const folder = createWorkFolder();

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function subfolder(name: string): string {
  mkdirSync(join(folder, name));
  return join(folder, name);
}

const VALID =
  '{"timestamp":1790000000,"src_ip":"10.20.4.9","dst_ip":"203.0.113.7","dst_port":443,"protocol":"tcp"}';
const MISSING = join(folder, 'missing.ndjson');
const FOLDER = subfolder('records');
const EMPTY = file('empty.ndjson', '');
const BLANK = file('blank.ndjson', '\ufeff\r\n \n\t\n');
const CUT_SHORT = file('cut-short.json', '[');
const RECORDS = file('records.ndjson', VALID);

describe.concurrent('a call that fails says why in one line', () => {
  it.for<[string, number, string[], string]>([
    ['a missing file', 1, [MISSING], `cannot read ${MISSING}: there is no such file`],
    ['a folder', 1, [FOLDER], `${FOLDER} is a folder: name a file in it; `],
    ['an empty file', 1, [EMPTY], `${EMPTY}: it is empty`],
    ['a blank file', 1, [BLANK], `${BLANK}: it is empty`],
    ['an array cut short', 1, [CUT_SHORT], `${CUT_SHORT}: the array is not JSON: `],
    [
      'a file as data folder',
      1,
      [RECORDS, '--data', EMPTY],
      `The data directory ${EMPTY} is not a directory.`,
    ],
    ['an unknown option', 2, [RECORDS, '--colour'], "unknown option '--colour'"],
    ['two files', 2, [RECORDS, EMPTY], 'too many arguments'],
    ['an option without its value', 2, ['--data'], "option '--data <dir>' argument missing"],
  ])('%s', async ([, code, args, message]) => {
    const { end, stdout, stderr } = await threatConsensus(['run', ...args]);

    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr.slice('error: '.length)).toContain(message);
    expect(stderr.startsWith(`error: ${message}`)).toBe(true);
    expect({ end, stdout }).toEqual({ end: code, stdout: '' });
  });

  it('an unknown command', async () => {
    const { end, stdout, stderr } = await threatConsensus(['walk']);

    expect(stderr).toMatch(/^error: unknown command 'walk'[^\n]*\n$/);
    expect({ end, stdout }).toEqual({ end: 2, stdout: '' });
  });
});

it('help lists arguments, options and examples', async () => {
  const { end, stdout, stderr } = await threatConsensus(['run', '--help']);

  expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: threat-consensus run \[options\] \[file\]$/m);
  for (const option of ['--json', '--keep', '--data <dir>', '-h, --help'])
    expect(stdout).toContain(`  ${option} `);
  const examples = stdout
    .slice(stdout.indexOf('Examples:'))
    .split('\n')
    .filter((line) => line.startsWith('  $ '));
  expect(examples).toContainEqual(expect.stringMatching(/^ {2}\$ npm start {2,}\S/));
  expect(examples.length).toBeGreaterThanOrEqual(3);
});
