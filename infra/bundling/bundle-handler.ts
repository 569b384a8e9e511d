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
 * How handlers are bundled.
 * - `mainFields`: with `module` before `main`, the SDK's ES modules can be tree-shaken, which saves a third.
 * - `external`: a function has its credentials in the environment; the SDK loads the providers for profiles, single
 *   sign-on, containers and the like only where there are none, and without them the bundle is a fifth smaller. All else of the
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

/** What is imported only when it is needed lies beside the bundle, where a cold start does not read it. */
export const IN_PARTS = { splitting: true } satisfies BuildOptions;

/** For people: names as they are written, and a source map of the dependencies too. */
export const READABLE = { minify: false, plugins: PLUGINS } satisfies BuildOptions;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Bundles a handler, SDK included, with its source map beside it. Both are the same to the byte wherever they are
 * written and wherever the project lies: a source map names sources by their way from the bundle, and so bundles are
 * made as if all lay in one folder of the project.
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
