import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';
import { callWith, jsonLines, startCall, type Variables } from '../../fixtures/cli/calls.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';
import { connectionsTo, ndjson } from '../../fixtures/service/connections.ts';
import { EVENTUALLY } from '../../fixtures/service/scoring-service.ts';

/** The variables exported by a shell that runs the output as a script. */
function exportsIn(script: string): Variables {
  expect(script).toMatch(/^(?:export [A-Z\d_]+=[\w:/.-]+\n)+$/);
  return Object.fromEntries(
    [...script.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
}

it('local gives other commands all they need, until it is interrupted', async () => {
  const TMPDIR = createWorkFolder();
  const XDG_RUNTIME_DIR = createWorkFolder();
  const stack = startCall({ TMPDIR, XDG_RUNTIME_DIR }, ['local']);
  await vi.waitFor(() => expect(stack.printed.stdout).toMatch(/^export TABLE_NAME=.*\n/m), EVENTUALLY);
  const variables = exportsIn(stack.printed.stdout);
  const call = callWith(variables);

  const push = startCall(variables, ['push', '-', '--json']);
  push.process.stdin.end(ndjson(connectionsTo('198.18.0', 5)));
  const pushed = await push.ended;
  const stored = await vi.waitFor(async () => {
    const assessments = await call('assessments', '198.18.0.4', '--json');
    expect(assessments.end).toBe(0);
    return jsonLines(assessments.stdout);
  }, EVENTUALLY);
  const found = await callWith({ XDG_RUNTIME_DIR })('assessments', '198.18.0.4', '--json', '--local');
  const elsewhere = await callWith({ XDG_RUNTIME_DIR: TMPDIR })('stats', '--local');
  stack.process.kill('SIGTERM');
  const { end } = await stack.ended;
  const afterwards = await call('stats');

  expect(pushed).toMatchObject({ end: 0, stderr: '' });
  expect(jsonLines(pushed.stdout)).toEqual([
    {
      format: 'json',
      read: 5,
      sent: 5,
      skipped: {},
      invalid: 0,
      messages: 1,
      bytes: expect.any(Number),
      requests: 1,
    },
  ]);
  expect(stored).toMatchObject([{ address: '198.18.0.4' }]);
  expect(jsonLines(found.stdout)).toEqual(stored);
  expect(elsewhere).toMatchObject({ end: 1, stdout: '' });
  expect(elsewhere.stderr).toBe(
    'error: you have no embedded stack running: start one with `threat-consensus local`\n',
  );
  expect(end).toBe(0);
  expect(afterwards).toMatchObject({ end: 1, stdout: '' });
  expect(readdirSync(TMPDIR)).toEqual([]);
});

it('local listens where it is asked to, and says in one line that somebody else does', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const { end, stdout, stderr } = await callWith({ XDG_RUNTIME_DIR: createWorkFolder() })(
    ...['local', '--port', String(port)],
  );
  await new Promise((resolve) => taken.close(resolve));

  expect({ end, stdout }).toEqual({ end: 1, stdout: '' });
  expect(stderr).toMatch(/^error: The local stack cannot start: .*EADDRINUSE.*\n$/);
});
