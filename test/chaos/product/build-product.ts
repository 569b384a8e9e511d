import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type * as Product from './product.ts';
import type { SourceEdit } from './source-edit.ts';

export type ProductModule = typeof Product;

const ENTRY = fileURLToPath(new URL('./product.ts', import.meta.url));
const CLOCK = fileURLToPath(new URL('../simulation/virtual-time.ts', import.meta.url));
const TIMERS = fileURLToPath(new URL('../simulation/virtual-timers.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Where bundles are written. */
const FOLDER = join(ROOT, '.build/chaos');

/**
 * Bundles and loads the product's code for the simulation. Its time-outs, waits, clock and chance are the simulation's,
 * so that a run depends on its seed alone.
 *
 * @param edits changes of the sources: another version of the code, or a planted fault
 * @throws Error where an edit does not find what it replaces
 */
export async function buildProduct(name: string, edits: readonly SourceEdit[] = []): Promise<ProductModule> {
  mkdirSync(FOLDER, { recursive: true });
  const outfile = join(FOLDER, `${name}-${process.pid}.mjs`);
  const open = new Set(edits);
  await build({
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    entryPoints: [ENTRY],
    outfile,
    inject: [CLOCK],
    define: {
      'Date.now': 'simulatedNow',
      'Math.random': 'simulatedRandom',
      'AbortSignal.timeout': 'simulatedTimeout',
    },
    plugins: [simulatedTimers, editing(edits, open)],
  });
  const [unused] = open;
  if (unused !== undefined) throw new Error(`nothing to edit in ${unused.file}: ${unused.from}`);
  try {
    return (await import(pathToFileURL(outfile).href)) as ProductModule;
  } finally {
    rmSync(outfile);
  }
}

const simulatedTimers: Plugin = {
  name: 'simulated timers',
  setup({ onResolve }) {
    onResolve({ filter: /^node:timers\/promises$/ }, () => ({ path: TIMERS }));
  },
};

function editing(edits: readonly SourceEdit[], open: Set<SourceEdit>): Plugin {
  return {
    name: 'edits',
    setup({ onLoad }) {
      for (const file of new Set(edits.map((edit) => edit.file))) {
        const escaped = file.replaceAll(/[.\\/]/g, '\\$&');
        onLoad({ filter: new RegExp(`${escaped}$`) }, ({ path }) => {
          let contents = readFileSync(path, 'utf8');
          for (const edit of edits.filter((candidate) => candidate.file === file)) {
            if (!contents.includes(edit.from)) continue;
            contents = contents.replaceAll(edit.from, edit.to);
            open.delete(edit);
          }
          return { contents, loader: 'ts' };
        });
      }
    },
  };
}
