import type { Plugin } from 'esbuild';

const NAMESPACE = 'http-without-web-sockets';

/**
 * Loads Node's HTTP modules by `require` instead of ES imports. An import reads every name that a module exports, and
 * three of the names in `node:http` load another HTTP client with its web sockets, which takes 10 % of a cold start and
 * is not used here.
 */
export const httpWithoutWebSockets: Plugin = {
  name: NAMESPACE,
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?https?$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path: path.replace('node:', ''), namespace: NAMESPACE } : undefined,
    );
    build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({
      contents: `module.exports = require('node:${path}')`,
      loader: 'js',
    }));
  },
};
