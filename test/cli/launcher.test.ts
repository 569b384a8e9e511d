import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const LAUNCHER = fileURLToPath(new URL('../../lib/cli/threat-consensus.js', import.meta.url));

it('the launcher runs the program', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [LAUNCHER, '--version']);

  expect(stdout).toMatch(/^\d+\.\d+\.\d+(?:-rc\.\d+)?\n$/);
});

it('the launcher says in one line that Node is too old', async () => {
  const old = "Object.defineProperty(process.versions, 'node', { value: '20.20.2' })";
  const running = promisify(execFile)(process.execPath, [
    '--import',
    `data:text/javascript,${encodeURIComponent(old)}`,
    LAUNCHER,
    '--version',
  ]);

  await expect(running).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'error: this is Node 20.20.2, and threat-consensus needs Node 24 or newer\n',
  });
});
