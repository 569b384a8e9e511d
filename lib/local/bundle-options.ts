import type { BuildOptions } from 'esbuild';
import { unusedErrorClasses } from './unused-error-classes.ts';

/**
 * How a handler is bundled, locally as for deployment.
 * - `module` before `main`: the SDK's ES modules can be tree-shaken, which saves a third of the bundle.
 * - `external`: a function has its credentials in the environment; the SDK loads the providers for profiles, single
 *   sign-on and the like only where there are none, and without them the bundle is a fifth smaller.
 * - the banner: CommonJS dependencies call `require`, which ES modules do not have.
 */
export const HANDLER_BUNDLE_OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  external: ['ini', 'login', 'process', 'sso', 'web-identity'].map(
    (provider) => `@aws-sdk/credential-provider-${provider}`,
  ),
  treeShaking: true,
  plugins: [unusedErrorClasses],
  minify: true,
  sourcemap: 'linked',
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
} satisfies BuildOptions;
