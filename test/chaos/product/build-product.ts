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

/** Files in which edits are applied. */
const SOURCES = /\/lib\/(?:announcement|assessment|aws|records|store)\/.*\.ts$/;
/** Reports when work on a message begins, which is when a killing one kills the process. */
const NOTICE: SourceEdit = {
  from: "if (message === undefined) throw new TypeError('there is no message to read');",
  to: `if (message === undefined) throw new TypeError('there is no message to read');
  for (const each of messages as readonly { onRead?: () => void }[]) each.onRead?.();`,
};
/** Folder for bundles. */
const FOLDER = join(ROOT, '.build/chaos');

/**
 * Bundles and loads the product's code for the simulation. Timeouts, waits, clock and randomness come from the
 * simulation, so that a run depends only on its seed.
 *
 * @param edits changes to the sources: another version of the code, or a planted fault
 * @throws Error if an edit does not find the text it replaces
 */
export async function buildProduct(name: string, edits: readonly SourceEdit[] = []): Promise<ProductModule> {
  mkdirSync(FOLDER, { recursive: true });
  const outfile = join(FOLDER, `${name}-${process.pid}.mjs`);
  const all = [NOTICE, ...edits];
  const open = new Set(all);
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
    plugins: [simulatedTimers, editing(all, open)],
  });
  const [unused] = open;
  if (unused !== undefined) throw new Error(`no source holds the text to be edited: ${unused.from}`);
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
      onLoad({ filter: SOURCES }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        const found = edits.filter(({ from }) => text.includes(from));
        if (found.length === 0) return undefined;
        for (const edit of found) open.delete(edit);
        const contents = found.reduce((edited, { from, to }) => edited.replaceAll(from, to), text);
        return { contents, loader: 'ts' };
      });
    },
  };
}
