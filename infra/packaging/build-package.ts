import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { PACKAGE_FOLDER } from '../../lib/files/package-folder.ts';
import { synthesize } from '../../lib/local/template/synthesize.ts';
import { BUNDLING } from '../bundling/bundle-handler.ts';
import { type Manifest, publishedManifest } from './published-manifest.ts';

/** The embedded stack's emulators: they load files by their place in `node_modules`. */
export const UNBUNDLED = ['dynalite', 'fauxqs'];

/**
 * Builds everything that an installed package needs, as JavaScript, into `dist`: the command line and the templates and
 * bundles that its embedded stack runs. Bundled with its dependencies, it loads in a third of the time and takes a
 * tenth of the space.
 *
 * @param folder the package's; `dist` in it is replaced
 */
export async function buildDist(folder: string): Promise<void> {
  const dist = join(folder, 'dist');
  await rm(dist, { recursive: true, force: true });
  await build({
    absWorkingDir: PACKAGE_FOLDER,
    entryPoints: ['lib/cli/threat-consensus.ts', 'lib/local/runtime/runtime-worker.ts'],
    outdir: dist,
    bundle: true,
    // Each command loads only what it needs.
    splitting: true,
    entryNames: '[name]',
    // Beside the entries: the worker is found by its place.
    chunkNames: '[name]-[hash]',
    format: BUNDLING.format,
    platform: BUNDLING.platform,
    target: BUNDLING.target,
    mainFields: BUNDLING.mainFields,
    banner: BUNDLING.banner,
    external: UNBUNDLED,
    // Names stay as they are written, for a stack trace that somebody reports.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'linked',
    logLevel: 'warning',
  });
  await cp(await synthesize(), join(dist, 'templates'), { recursive: true });
}

/**
 * Builds the whole package into a folder of its own, ready for `npm pack`, and leaves the checkout alone.
 *
 * @param folder is created; what it holds is replaced
 */
export async function buildPackage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const manifest = JSON.parse(await readFile(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as Manifest;
  // npm adds these by itself, named or not.
  for (const path of [...manifest.files.filter((each) => each !== 'dist'), 'README.md', 'LICENSE']) {
    await cp(join(PACKAGE_FOLDER, path), join(folder, path), { recursive: true });
  }
  await writeFile(
    join(folder, 'package.json'),
    `${JSON.stringify(publishedManifest(manifest, UNBUNDLED), null, 2)}\n`,
  );
  await buildDist(folder);
}
