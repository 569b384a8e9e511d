import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** The files in which the SDK's clients declare their operations, types and errors. */
const SCHEMAS = /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;

const REGISTRATION = /^(?=\w+_registry\.registerError\()/gm;
const CONSTANT = /^const (\w+) = ("[^"\n]*");$/gm;
const COMPUTED_KEY = /\[(_\w+)\]:/g;
const FLAGS = /\b(\d+) \| (\d+)\b/g;

/**
 * Lets the bundler leave out the types that no operation in use refers to: for SSM they would take 100 kB. A bundler
 * keeps everything that might have side effects, so this marks three things as free of them:
 * - the registration of a class for each error of any operation. An error whose class is not registered arrives as the
 *   client's general one, with its own name and message;
 * - keys computed from constants;
 * - flags computed from numbers.
 */
export const unusedSchemas: Plugin = {
  name: 'unused-schemas',
  setup(build) {
    build.onLoad({ filter: SCHEMAS }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const constants = new Map([...source.matchAll(CONSTANT)].map(([, name, value]) => [name, value]));
      const contents = source
        .replaceAll(REGISTRATION, '/* @__PURE__ */ ')
        .replaceAll(COMPUTED_KEY, (key, name) => (constants.has(name) ? `${constants.get(name)}:` : key))
        .replaceAll(FLAGS, (_, one, other) => String(Number(one) | Number(other)));
      return { contents, loader: 'js' };
    });
  },
};
