import { execFile } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackage } from '../../../infra/packaging/build-package.ts';
import packageJson from '../../../package.json' with { type: 'json' };

const MOST_UNPACKED_BYTES = 15_000_000;

let folder: string;
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threat-consensus-package-'));
  await buildPackage(join(folder, 'package'));
  await call('npm', ['pack', '--silent', '--pack-destination', folder, join(folder, 'package')]);
  const tarball = join(folder, `threat-consensus-${packageJson.version}.tgz`);
  // As for everybody: into a folder that shares nothing with the checkout.
  await call('npm', ['install', '--global', '--prefix', join(folder, 'prefix'), '--prefer-offline', tarball]);
  installed = join(folder, 'prefix/lib/node_modules/threat-consensus');
}, 300_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the package', () => {
  it('is small', () => {
    const own = filesOf(installed).filter((file) => !file.startsWith('node_modules/'));
    const bytes = own.reduce((sum, file) => sum + statSync(join(installed, file)).size, 0);

    expect(bytes).toBeLessThan(MOST_UNPACKED_BYTES);
  });

  it('holds what is built and documented, and nothing else of a checkout', () => {
    const own = filesOf(installed).filter((file) => !file.startsWith('node_modules/'));
    const unexpected = own.filter(
      (file) =>
        !/^(dist|docs)\/|^(README|CHANGELOG|CONTRIBUTING|SECURITY)\.md$|^LICENSE$|^package\.json$/.test(file),
    );

    expect(unexpected.sort()).toEqual([
      'lib/cli/threat-consensus.js',
      'test/fixtures/sample/connections.ndjson',
    ]);
    expect(own.filter((file) => file.endsWith('.ts'))).toEqual([]);
  });

  it('brings the emulators of the embedded stack along, and no other package', async () => {
    const manifest = (await import(join(installed, 'package.json'), { with: { type: 'json' } })) as {
      readonly default: { readonly dependencies: object; readonly scripts?: object };
    };

    expect(Object.keys(manifest.default.dependencies)).toEqual(['dynalite', 'fauxqs']);
    expect(manifest.default).not.toHaveProperty('scripts');
    expect(manifest.default).not.toHaveProperty('optionalDependencies');
  });
});

describe('the installed command', () => {
  it('says which version it is', async () => {
    expect(await command('--version')).toBe(`${packageJson.version}\n`);
  });

  it('scores on this machine', async () => {
    const lines = (await command('score', join(installed, 'test/fixtures/sample/connections.ndjson'))).trim();

    const scored = lines.split('\n').map((line) => JSON.parse(line) as { readonly votes?: object });
    expect(scored.filter(({ votes }) => votes !== undefined)).toHaveLength(1212);
  });

  it('runs the embedded stack from the templates that it brings along', async () => {
    const result = JSON.parse(await command('run', '--json'));

    expect(result).toMatchObject({ pushed: 1220, stored: 1200, duplicates: 12, rejected: 8 });
  });

  it('has help for every command', async () => {
    const help = await command('--help');

    const names = [...help.matchAll(/^ {2}([a-z-]+) .*$/gm)].map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(['run', 'push', 'score', 'doctor']));
  });
});

/** Standard output of the installed command, which runs in an empty folder. */
async function command(...args: string[]): Promise<string> {
  return await call(join(folder, 'prefix/bin/threat-consensus'), args);
}

async function call(file: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, {
    cwd: folder,
    // The pinned Node comes first, as in the package's scripts.
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      npm_config_ignore_scripts: 'true',
    },
    maxBuffer: 64_000_000,
  });
  return stdout;
}

function filesOf(root: string): string[] {
  return globSync('**/*', { cwd: root }).filter((file) => statSync(join(root, file)).isFile());
}
