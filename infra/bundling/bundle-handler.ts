import { type BuildOptions, build } from 'esbuild';
import { httpWithoutWebSockets } from './http-without-web-sockets.ts';
import { ownSourceMap } from './own-source-map.ts';
import { packageVersions } from './package-versions.ts';
import { unusedSchemas } from './unused-schemas.ts';

const PLUGINS = [unusedSchemas, packageVersions, httpWithoutWebSockets];

/**
 * How handlers are bundled.
 * - `mainFields`: with `module` before `main`, the SDK's ES modules can be tree-shaken, which saves a third.
 * - `external`: a function has its credentials in the environment; the SDK loads the providers for profiles, single
 *   sign-on and the like only where there are none, and without them the bundle is a fifth smaller. All else of the
 *   SDK is bundled: what is tested is what runs.
 * - `sourcesContent`: a stack needs places, not the text of the sources, which are in git.
 * - `banner`: CommonJS dependencies call `require`, which ES modules do not have.
 */
export const BUNDLING = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  external: ['ini', 'login', 'process', 'sso', 'web-identity'].map(
    (provider) => `@aws-sdk/credential-provider-${provider}`,
  ),
  plugins: [...PLUGINS, ownSourceMap],
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'silent',
} satisfies BuildOptions;

/** For people: names as they are written, and a source map of the dependencies too. */
export const READABLE = { minify: false, plugins: PLUGINS } satisfies BuildOptions;

/**
 * Bundles a handler, SDK included, with its source map beside it.
 *
 * @param entry the handler's TypeScript file
 * @param outFile where to write the bundle; `.mjs`
 * @param changes for other bundles than the one that is deployed
 * @returns `outFile`
 */
export async function bundleHandler(
  entry: string,
  outFile: string,
  changes: BuildOptions = {},
): Promise<string> {
  await build({ ...BUNDLING, ...changes, entryPoints: [entry], outfile: outFile });
  return outFile;
}
