import { execFile } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackage } from '../../../infra/packaging/build-package.ts';
import { PACKAGE_FOLDER } from '../../../lib/files/package-folder.ts';
import packageJson from '../../../package.json' with { type: 'json' };

const MOST_UNPACKED_BYTES = 15_000_000;

let folder: string;
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threat-consensus-package-'));
  await buildPackage(join(folder, 'package'));
  await call('npm', ['pack', '--silent', '--pack-destination', folder, join(folder, 'package')]);
  const tarball = join(folder, `threat-consensus-${packageJson.version}.tgz`);
  // Installed like a user would, into a folder that shares nothing with the checkout.
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
    const source = own.filter((file) => /(?<!\.d)\.ts$/.test(file));
    const unexpected = own.filter(
      (file) =>
        !/^(dist|docs)\/|^(README|CHANGELOG|CONTRIBUTING|SECURITY)\.md$|^LICENSE$|^package\.json$/.test(file),
    );

    expect(unexpected.sort()).toEqual([
      'lib/cli/threat-consensus.js',
      'test/fixtures/sample/connections.ndjson',
    ]);
    expect(source).toEqual(['docs/examples/own-app.ts']);
  });

  it('brings the emulators of the embedded stack along, and no other package', async () => {
    const manifest = (await import(join(installed, 'package.json'), { with: { type: 'json' } })) as {
      readonly default: { readonly dependencies: object; readonly peerDependenciesMeta: object };
    };

    expect(Object.keys(manifest.default.dependencies)).toEqual(['dynalite', 'fauxqs']);
    expect(manifest.default.peerDependenciesMeta).toEqual({
      'aws-cdk-lib': { optional: true },
      constructs: { optional: true },
    });
    expect(manifest.default).not.toHaveProperty('scripts');
    expect(manifest.default).not.toHaveProperty('optionalDependencies');
  });
});

describe('its bill of materials', () => {
  it('names what is bundled, and what is installed beside it', async () => {
    const { bomFormat, metadata, components } = JSON.parse(
      await readFile(join(installed, 'dist/sbom.cdx.json'), 'utf8'),
    ) as {
      readonly bomFormat: string;
      readonly metadata: { readonly component: { readonly version: string } };
      readonly components: readonly { readonly name: string }[];
    };

    expect(bomFormat).toBe('CycloneDX');
    expect(metadata.component.version).toBe(packageJson.version);
    expect(components.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['client-dynamodb', 'commander', 'dynalite', 'fauxqs', 'zod']),
    );
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

describe('an app of somebody else', () => {
  let site: string;

  beforeAll(async () => {
    site = join(folder, 'site');
    await mkdir(join(site, 'node_modules'), { recursive: true });
    await writeFile(join(site, 'package.json'), '{"type":"module"}');
    await cp(join(installed, 'docs/examples/own-app.ts'), join(site, 'own-app.ts'));
    await cp(installed, join(site, 'node_modules/threat-consensus'), {
      recursive: true,
      // Only commands need the emulators.
      filter: (path) => path !== join(installed, 'node_modules'),
    });
    // Peer dependencies as npm would install them: the checkout's, and nothing else of it.
    for (const peer of ['aws-cdk-lib', 'constructs']) {
      await symlink(join(PACKAGE_FOLDER, 'node_modules', peer), join(site, 'node_modules', peer));
    }
  });

  it('synthesizes the service from the installed package, with the code of all functions', async () => {
    const out = join(site, 'cdk.out');
    await call(process.execPath, ['own-app.ts'], {
      cwd: site,
      env: { CDK_OUTDIR: out },
    });

    const assets = filesOf(out).filter((file) => file.endsWith('/index.mjs'));
    expect(assets).toHaveLength(5);
    const { Resources } = JSON.parse(await readFile(join(out, 'Network.template.json'), 'utf8')) as {
      readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
    };
    const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    expect(functions).toHaveLength(5);
  });

  it('is checked by the types that the package brings along', async () => {
    await writeFile(join(site, 'good.ts'), typed("homeNetworks: ['192.0.2.0/24']"));
    await writeFile(join(site, 'bad.ts'), typed('homeNetworks: 1'));
    const check = async (file: string) =>
      await call(
        process.execPath,
        [
          join(PACKAGE_FOLDER, 'node_modules/typescript/bin/tsc'),
          ...['--noEmit', '--strict', '--skipLibCheck', '--types', ''],
          ...['--module', 'nodenext', '--target', 'es2024', file],
        ],
        { cwd: site },
      );

    await check('good.ts');
    await expect(check('bad.ts')).rejects.toMatchObject({
      stdout: expect.stringContaining("Type 'number' is not assignable to type 'readonly string[]'"),
    });
  });
});

function typed(settings: string): string {
  return `import { App, Stack } from 'aws-cdk-lib';
import { ThreatConsensus } from 'threat-consensus/cdk';
new ThreatConsensus(new Stack(new App(), 'S'), 'T', { ${settings} }).queue.queueUrl.length;
`;
}

/** Standard output of the installed command, run in an empty folder. */
async function command(...args: string[]): Promise<string> {
  return await call(join(folder, 'prefix/bin/threat-consensus'), args);
}

async function call(
  file: string,
  args: readonly string[],
  { cwd = folder, env = {} }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, {
    cwd,
    // The pinned Node comes first, as in the package's scripts.
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      npm_config_ignore_scripts: 'true',
      ...env,
    },
    maxBuffer: 64_000_000,
  });
  return stdout;
}

function filesOf(root: string): string[] {
  return globSync('**/*', { cwd: root }).filter((file) => statSync(join(root, file)).isFile());
}
