import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteRunningStack, runningStackVariables } from '../../../../../lib/cli/use/local/running-stack.ts';
import { createWorkFolder } from '../../../../fixtures/service/command-line.ts';

const work = createWorkFolder();
/** No process has such a high number (Linux: at most 2^22). */
const NOBODY = 2 ** 22 + 1;

let runtime: string;
let folder: string;
let tests = 0;
let server: Server;
let endpoint: string;
const before = process.env.XDG_RUNTIME_DIR;

beforeEach(async () => {
  runtime = join(work, String(tests++));
  folder = join(runtime, 'threat-consensus');
  mkdirSync(folder, { recursive: true });
  process.env.XDG_RUNTIME_DIR = runtime;
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  if (before === undefined) Reflect.deleteProperty(process.env, 'XDG_RUNTIME_DIR');
  else process.env.XDG_RUNTIME_DIR = before;
  await new Promise((resolve) => server.close(resolve));
});

function note(pid: number, startedAtMs: number, variables: Record<string, string>): void {
  writeFileSync(join(folder, `stack-${pid}.json`), JSON.stringify({ pid, startedAtMs, variables }));
}

describe('a running stack', () => {
  it('is found until it takes its note away', async () => {
    const variables = { AWS_ENDPOINT_URL_SQS: endpoint, TABLE_NAME: 'made-up' };
    const forget = noteRunningStack(variables);

    expect(await runningStackVariables()).toEqual(variables);
    forget();
    expect(readdirSync(folder)).toEqual([]);
    await expect(runningStackVariables()).rejects.toThrow('you have no embedded stack running');
  });

  it('is the last one that was started', async () => {
    note(process.ppid, 1, { AWS_ENDPOINT_URL_SQS: endpoint, TABLE_NAME: 'older' });
    note(process.pid, 2, { AWS_ENDPOINT_URL_SQS: endpoint, TABLE_NAME: 'newer' });

    expect(await runningStackVariables()).toMatchObject({ TABLE_NAME: 'newer' });
  });

  it('is not one that was killed, whose note is removed', async () => {
    note(NOBODY, 9, { AWS_ENDPOINT_URL_SQS: endpoint });
    writeFileSync(join(folder, 'stack-1.json'), '{"half":');
    writeFileSync(join(folder, 'other.json'), '');

    await expect(runningStackVariables()).rejects.toThrow('start one with `threat-consensus local`');
    expect(readdirSync(folder)).toEqual(['other.json']);
  });

  it('is not another process that got the number of a killed one', async () => {
    note(process.pid, 9, { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1' });

    await expect(runningStackVariables()).rejects.toThrow('you have no embedded stack running');
  });

  it('goes without a note where none can be written', () => {
    process.env.XDG_RUNTIME_DIR = join(folder, 'other.json', 'impossible');
    writeFileSync(join(folder, 'other.json'), '');

    expect(() => noteRunningStack({ A: 'b' })()).not.toThrow();
  });
});
