import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Where the SDK's clients declare their operations, types and errors. */
const SCHEMAS = /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;

const REGISTRATION = /^(?=\w+_registry\.registerError\()/gm;

/**
 * Leaves out the classes of errors that the code never names: an SDK client registers one for each error that any of
 * its operations has (SSM's 140 would take 70 kB), as a side effect that keeps all of them in the bundle. An error
 * whose class is not registered arrives as the client's general one, with its own name and message.
 */
export const unusedErrorClasses: Plugin = {
  name: 'unused-error-classes',
  setup(build) {
    build.onLoad({ filter: SCHEMAS }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(REGISTRATION, '/* @__PURE__ */ '),
      loader: 'js',
    }));
  },
};
