import type { BuildOptions } from 'esbuild';
import { BUNDLING } from '../bundling/bundle-handler.ts';

/** The embedded stack's emulators: they load files by their location in `node_modules`. */
export const EMULATORS = ['dynalite', 'fauxqs'];
/**
 * Provided by an app that embeds the service, since our constructs must use the same version. Nothing else loads them.
 */
export const CDK = ['aws-cdk-lib', 'constructs'];
/** The entry for such apps. */
export const CDK_ENTRY = 'infra/cdk.ts';

/** Bundling options for the published package: the command line, the code of its embedded stack and the construct. */
export const PACKAGE_BUNDLING = {
  entryPoints: ['lib/cli/threat-consensus.ts', 'lib/local/runtime/runtime-worker.ts', CDK_ENTRY],
  bundle: true,
  // Each command loads only what it needs.
  splitting: true,
  entryNames: '[name]',
  // In the same folder as the entries: the worker is found by its location.
  chunkNames: '[name]-[hash]',
  format: BUNDLING.format,
  platform: BUNDLING.platform,
  target: BUNDLING.target,
  mainFields: BUNDLING.mainFields,
  banner: BUNDLING.banner,
  external: [...EMULATORS, ...CDK],
  // Names stay as they are written, for stack traces in reports.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  logLevel: 'warning',
} satisfies BuildOptions;
