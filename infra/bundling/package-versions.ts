import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Packages that import their own package.json, to send its version to AWS. */
const DESCRIPTIONS = /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]package\.json$/;

/** Keeps only the version of the SDK clients' package.json: the rest is two kilobytes each. */
export const packageVersions: Plugin = {
  name: 'package-versions',
  setup(build) {
    build.onLoad({ filter: DESCRIPTIONS }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};
