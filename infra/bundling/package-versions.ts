import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Packages that import their own description, of which they tell AWS the version. */
const DESCRIPTIONS = /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]package\.json$/;

/** Leaves nothing but the version of what the SDK's clients describe themselves by: two kilobytes each. */
export const packageVersions: Plugin = {
  name: 'package-versions',
  setup(build) {
    build.onLoad({ filter: DESCRIPTIONS }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};
