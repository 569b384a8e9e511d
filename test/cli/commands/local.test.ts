import { readdirSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { callWith, jsonLines, startCall, type Variables } from '../../fixtures/cli/calls.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';
import { connectionsTo, ndjson } from '../../fixtures/service/connections.ts';
import { EVENTUALLY } from '../../fixtures/service/scoring-service.ts';

/** What a shell that reads the output as a script would export. */
function exportsIn(script: string): Variables {
  expect(script).toMatch(/^(?:export [A-Z_]+=[\w:/.-]+\n)+$/);
  return Object.fromEntries(
    [...script.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
}

it('local gives other commands all they need, until it is interrupted', async () => {
  const TMPDIR = createWorkFolder();
  const stack = startCall({ TMPDIR }, ['local']);
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
  expect(end).toBe(0);
  expect(afterwards).toMatchObject({ end: 1, stdout: '' });
  expect(readdirSync(TMPDIR)).toEqual([]);
});
