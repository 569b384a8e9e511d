import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * The modules in which zod converts its schemas to JSON Schema: every schema has a method for it, so no bundler can
 * leave them out.
 */
const CONVERSION = /[\\/]zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-processors)\.js$/;
const EXPORT = /^export (?:function|const|class) (\w+)|^export \{ \w+ as (\w+) \};$/gm;

/**
 * Leaves zod's conversion to JSON Schema out of a bundle, 15 kB that no function calls. The exports stay, so that
 * schemas can be created, and throw when a schema is converted.
 */
export const noJsonSchema: Plugin = {
  name: 'no-json-schema',
  setup(build) {
    build.onLoad({ filter: CONVERSION }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const names = [...source.matchAll(EXPORT)].map(([, declared, renamed]) => declared ?? renamed);
      // The method is created with each schema but never called.
      const refuse = "() => { throw new Error('bundled without JSON Schema'); }";
      const exported = names.map((name) => `refuse as ${name}`);
      return {
        contents: `const refuse = () => ${refuse};\nexport { ${exported.join(', ')} };`,
        loader: 'js',
      };
    });
  },
};
