import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Where the SDK's clients declare their operations, types and errors. */
const SCHEMAS = /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;

const REGISTRATION = /^(?=\w+_registry\.registerError\()/gm;
const CONSTANT = /^const (\w+) = ("[^"\n]*");$/gm;
const COMPUTED_KEY = /\[(_\w+)\]:/g;
const FLAGS = /\b(\d+) \| (\d+)\b/g;

/**
 * Lets the bundler leave out the types that no operation in use refers to: of SSM's they would take 100 kB. It keeps
 * what might have an effect, and takes three things for such that have none:
 * - the registration of a class for each error that any operation has. An error whose class is not registered arrives
 *   as the client's general one, with its own name and message;
 * - keys that are computed from constants;
 * - flags that are computed from numbers.
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
