import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { httpWithoutWebSockets } from './http-without-web-sockets.ts';
import { nativeChecksums } from './native-checksums.ts';
import { noEndpointDiscovery } from './no-endpoint-discovery.ts';
import { noEventStreams } from './no-event-streams.ts';
import { noJsonSchema } from './no-json-schema.ts';
import { ownSourceMap } from './own-source-map.ts';
import { packageVersions } from './package-versions.ts';
import { regionOfEnvironment } from './region-of-environment.ts';
import { standardRetries } from './standard-retries.ts';
import { unusedSchemas } from './unused-schemas.ts';

const PLUGINS = [
  unusedSchemas,
  packageVersions,
  httpWithoutWebSockets,
  nativeChecksums,
  noEndpointDiscovery,
  noEventStreams,
  noJsonSchema,
  standardRetries,
  regionOfEnvironment,
];

/**
 * Bundling options for handlers.
 * - `mainFields`: with `module` before `main`, the SDK's ES modules can be tree-shaken, which saves a third.
 * - `external`: a function has its credentials in the environment; the SDK loads the providers for profiles, single
 *   sign-on, containers and the like only if there are none, and without them the bundle is a fifth smaller. The rest
 *   of the SDK is bundled: the tested code is the code that runs.
 * - `sourcesContent`: a stack trace needs positions, not the text of the sources, which are in git.
 * - `banner`: CommonJS dependencies call `require`, which ES modules do not have.
 */
export const BUNDLING = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  external: [
    ...['http', 'ini', 'login', 'process', 'sso', 'web-identity'].map(
      (provider) => `@aws-sdk/credential-provider-${provider}`,
    ),
    '@smithy/credential-provider-imds',
  ],
  plugins: [...PLUGINS, ownSourceMap],
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'silent',
} satisfies BuildOptions;

/** Modules imported on demand are separate files, which a cold start does not read. */
export const IN_PARTS = { splitting: true } satisfies BuildOptions;

/** For people: original names, and a source map that includes dependencies. */
export const READABLE = { minify: false, plugins: PLUGINS } satisfies BuildOptions;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Bundles a handler, including the SDK, with a separate source map. Both are reproducible to the byte, wherever they
 * are written and wherever the project is: a source map names sources relative to the bundle, so bundles are made as if
 * all were in one folder of the project.
 *
 * @param entry the handler's TypeScript file
 * @param outFile where to write the bundle; `.mjs`
 * @param changes options for bundles other than the deployed one
 * @returns `outFile`
 */
export async function bundleHandler(
  entry: string,
  outFile: string,
  changes: BuildOptions = {},
): Promise<string> {
  const { outputFiles } = await build({
    ...BUNDLING,
    ...changes,
    absWorkingDir: ROOT,
    entryPoints: [{ in: entry, out: basename(outFile, '.mjs') }],
    outdir: join(ROOT, 'bundle'),
    outExtension: { '.js': '.mjs' },
    write: false,
  });
  await mkdir(dirname(outFile), { recursive: true });
  for (const { path, contents } of outputFiles) {
    await writeFile(join(dirname(outFile), basename(path)), contents);
  }
  return outFile;
}
