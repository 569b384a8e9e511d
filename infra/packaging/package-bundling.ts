import type { BuildOptions } from 'esbuild';
import { BUNDLING } from '../bundling/bundle-handler.ts';

/** The embedded stack's emulators: they load files by their place in `node_modules`. */
export const EMULATORS = ['dynalite', 'fauxqs'];
/** Of an app that embeds the service, whose constructs ours have to fit. Nothing else loads them. */
export const CDK = ['aws-cdk-lib', 'constructs'];
/** The entry for such apps. */
export const CDK_ENTRY = 'infra/cdk.ts';

/** How the command line, what its embedded stack runs and the construct are bundled for those who install the package. */
export const PACKAGE_BUNDLING = {
  entryPoints: ['lib/cli/threat-consensus.ts', 'lib/local/runtime/runtime-worker.ts', CDK_ENTRY],
  bundle: true,
  // Each command loads only what it needs.
  splitting: true,
  entryNames: '[name]',
  // Beside the entries: the worker is found by its place.
  chunkNames: '[name]-[hash]',
  format: BUNDLING.format,
  platform: BUNDLING.platform,
  target: BUNDLING.target,
  mainFields: BUNDLING.mainFields,
  banner: BUNDLING.banner,
  external: [...EMULATORS, ...CDK],
  // Names stay as they are written, for a stack trace that somebody reports.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  logLevel: 'warning',
} satisfies BuildOptions;
