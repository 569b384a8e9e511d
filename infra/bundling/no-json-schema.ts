import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Where zod turns its schemas into JSON Schema: every schema has a method for it, so that no bundler can leave it out. */
const CONVERSION = /[\\/]zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-processors)\.js$/;
const EXPORT = /^export (?:function|const|class) (\w+)|^export \{ \w+ as (\w+) \};$/gm;

/**
 * Leaves zod's conversion to JSON Schema out of a bundle, 15 kB that no function calls. What it exports stays, so that
 * schemas can be made, and throws when a schema is to be converted.
 */
export const noJsonSchema: Plugin = {
  name: 'no-json-schema',
  setup(build) {
    build.onLoad({ filter: CONVERSION }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const names = [...source.matchAll(EXPORT)].map(([, declared, renamed]) => declared ?? renamed);
      // The method of each schema is made when the schema is, and called by nobody.
      const refuse = "() => { throw new Error('bundled without JSON Schema'); }";
      const exported = names.map((name) => `refuse as ${name}`);
      return {
        contents: `const refuse = () => ${refuse};\nexport { ${exported.join(', ')} };`,
        loader: 'js',
      };
    });
  },
};
