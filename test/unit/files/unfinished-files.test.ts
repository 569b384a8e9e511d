import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimUnfinished, releaseUnfinished, removeUnfinished } from '../../../lib/files/unfinished-files.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';

const WORK_FOLDER = createWorkFolder();
const DAY_MS = 86_400_000;

let running: ChildProcess;
let endedPid: number;
let folder: string;
let path: string;

beforeAll(async () => {
  running = spawn('sleep', ['600']);
  const ended = spawn('true');
  await once(ended, 'close');
  endedPid = ended.pid ?? 0;
});

afterAll(() => running.kill());

beforeEach(() => {
  folder = mkdtempSync(join(WORK_FOLDER, 'case-'));
  path = join(folder, 'export.csv');
});

/** A file left by a process of this machine, or of another one. */
function unfinished(pid: number | undefined, space?: string): string {
  const claimed = claimUnfinished(path);
  releaseUnfinished(claimed);
  const name = basename(claimed)
    .replace(`-${process.pid}-`, `-${pid}-`)
    .replace(/\.[0-9a-f]{8}-/, space === undefined ? '$&' : `.${space}-`);
  writeFileSync(join(folder, name), 'half of it');
  return join(folder, name);
}

describe('what killed processes left', () => {
  it('is removed', () => {
    unfinished(endedPid);
    unfinished(endedPid);
    // A container assigns the same number again and again.
    unfinished(process.pid);

    removeUnfinished(path);

    expect(readdirSync(folder)).toEqual([]);
  });

  it('is only removed where nobody is writing it', () => {
    const ours = claimUnfinished(path);
    writeFileSync(ours, 'half of it');
    const theirs = unfinished(running.pid);

    removeUnfinished(path);

    expect([ours, theirs].map(existsSync)).toEqual([true, true]);
    releaseUnfinished(ours);
  });

  it('on another machine is removed when it is a day old', () => {
    const recent = unfinished(endedPid, '0badcafe');
    const old = unfinished(endedPid, '0badcafe');
    utimesSync(old, new Date(), new Date(Date.now() - DAY_MS - 60_000));

    removeUnfinished(path);

    expect([recent, old].map(existsSync)).toEqual([true, false]);
  });

  it('of other files is none of its business, nor is what is named alike', () => {
    const other = claimUnfinished(join(folder, 'other.csv')).replace(`-${process.pid}-`, `-${endedPid}-`);
    const names = [other, path, `${path}.unfinished`, join(folder, `.export.csv.${endedPid}.unfinished`)];
    for (const name of names) writeFileSync(name, '');

    removeUnfinished(path);

    expect(names.map(existsSync)).toEqual([true, true, true, true]);
  });

  it('is left where the folder is gone', () => {
    expect(() => removeUnfinished(join(folder, 'nowhere', 'export.csv'))).not.toThrow();
  });
});
