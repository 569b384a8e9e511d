import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const DEPENDENCIES = /[\\/]node_modules[\\/].*\.m?js$/;

/** A source map with a single entry: it adds almost nothing to the map of the bundle. */
const MAP = Buffer.from(JSON.stringify({ version: 3, sources: [''], mappings: 'AAAA' })).toString('base64');
const COMMENT = `\n//# sourceMappingURL=data:application/json;base64,${MAP}`;

/**
 * Leaves dependencies out of the source map, which maps only our own code: Node reads the whole map at every cold
 * start. Must come after plugins that load files of dependencies.
 */
export const ownSourceMap: Plugin = {
  name: 'own-source-map',
  setup(build) {
    build.onLoad({ filter: DEPENDENCIES }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}${COMMENT}`,
      loader: 'js',
    }));
  },
};
