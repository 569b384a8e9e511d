import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { PACKAGE_FOLDER } from '../../lib/files/package-folder.ts';
import { synthesize } from '../../lib/local/template/synthesize.ts';
import { BUNDLING, bundleHandler, IN_PARTS } from '../bundling/bundle-handler.ts';
import { BUILT_HANDLERS, HANDLERS } from '../bundling/handlers.ts';
import { buildDeclarations } from './build-declarations.ts';
import { type Manifest, type Published, publishedManifest } from './published-manifest.ts';

/** The embedded stack's emulators: they load files by their place in `node_modules`. */
const EMULATORS = ['dynalite', 'fauxqs'];
/** Of an app that embeds the service, whose constructs ours have to fit. Nothing else loads them. */
const CDK = ['aws-cdk-lib', 'constructs'];

/** The entry for such apps, and where the package has it. */
const CDK_ENTRY = 'infra/cdk.ts';
const DECLARATIONS = 'dist/types';

/** What the manifest that is published has instead of the checkout's. */
export const PUBLISHED: Published = {
  dependencies: EMULATORS,
  peers: CDK,
  exports: {
    './cdk': { types: `./${DECLARATIONS}/infra/cdk.d.ts`, default: './dist/cdk.js' },
    './package.json': './package.json',
  },
};

/**
 * Builds everything that an installed package needs, as JavaScript, into `dist`: the command line, the templates and
 * bundles that its embedded stack runs, and the construct for other apps with the code of the functions. Bundled with its
 * dependencies, it loads in a third of the time and takes a tenth of the space.
 *
 * @param folder the package's; `dist` in it is replaced
 */
export async function buildDist(folder: string): Promise<void> {
  const dist = join(folder, 'dist');
  await rm(dist, { recursive: true, force: true });
  await build({
    absWorkingDir: PACKAGE_FOLDER,
    entryPoints: ['lib/cli/threat-consensus.ts', 'lib/local/runtime/runtime-worker.ts', CDK_ENTRY],
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
    external: [...EMULATORS, ...CDK],
    // Names stay as they are written, for a stack trace that somebody reports.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'linked',
    logLevel: 'warning',
  });
  await cp(await synthesize(), join(dist, 'templates'), { recursive: true });
  for (const [name, { isInParts }] of Object.entries(HANDLERS)) {
    const entry = join(PACKAGE_FOLDER, 'functions', name, 'handler.ts');
    const bundle = join(folder, BUILT_HANDLERS, name, 'index.mjs');
    await bundleHandler(entry, bundle, isInParts ? IN_PARTS : {});
  }
  await buildDeclarations(CDK_ENTRY, join(folder, DECLARATIONS));
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
    `${JSON.stringify(publishedManifest(manifest, PUBLISHED), null, 2)}\n`,
  );
  await buildDist(folder);
}
