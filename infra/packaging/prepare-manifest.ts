/**
 * Run by `npm pack` and `npm publish` before and after packing: `prepare-manifest.ts before` builds `dist` and replaces
 * `package.json` with the published manifest; `prepare-manifest.ts after` restores the checkout's.
 */
import { existsSync } from 'node:fs';
import { copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../../lib/files/package-folder.ts';
import { buildDist, PUBLISHED } from './build-package.ts';
import { type Manifest, publishedManifest } from './published-manifest.ts';

const MANIFEST = join(PACKAGE_FOLDER, 'package.json');
/** The checkout's manifest. It is here while the published one is in its place, even after packing was killed. */
const PUT_ASIDE = join(PACKAGE_FOLDER, 'node_modules/.cache/package.json');

const step = process.argv[2];
if (existsSync(PUT_ASIDE)) await rename(PUT_ASIDE, MANIFEST);
if (step === 'before') {
  await buildDist(PACKAGE_FOLDER);
  const manifest = JSON.parse(await readFile(MANIFEST, 'utf8')) as Manifest;
  await copyFile(MANIFEST, PUT_ASIDE);
  await writeFile(MANIFEST, `${JSON.stringify(publishedManifest(manifest, PUBLISHED), null, 2)}\n`);
}
