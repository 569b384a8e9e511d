import type { Plugin } from 'esbuild';

const ADAPTIVE = /[\\/]@smithy[\\/]core[\\/].*[\\/](DefaultRateLimiter|AdaptiveRetryStrategy)\.js$/;

/**
 * Leaves the SDK's adaptive retries out of a bundle, 3 kB: clients use the standard mode, unless `AWS_RETRY_MODE` says
 * otherwise, which no function sets. The classes stay, so that they can be referenced, and throw when used.
 */
export const standardRetries: Plugin = {
  name: 'standard-retries',
  setup(build) {
    build.onLoad({ filter: ADAPTIVE }, ({ path }) => {
      const [, name] = ADAPTIVE.exec(path) ?? [];
      const refuse = "constructor() { throw new Error('bundled without adaptive retries'); }";
      return { contents: `export class ${name} { ${refuse} }`, loader: 'js' };
    });
  },
};
