import { type BuildOptions, build } from 'esbuild';
import { PACKAGE_FOLDER } from '../../lib/files/package-folder.ts';
import { BUNDLING, IN_PARTS } from '../bundling/bundle-handler.ts';
import { HANDLERS } from '../bundling/handlers.ts';
import type { BundledInputs } from './bill-of-materials.ts';
import { PACKAGE_BUNDLING } from './package-bundling.ts';

/**
 * Determines the actual inputs of the bundle of each function and of the package itself, without what tree-shaking
 * removes.
 */
export async function bundledInputs(): Promise<BundledInputs> {
  const bundles: Record<string, readonly string[]> = {
    package: await inputsOf(PACKAGE_BUNDLING),
  };
  for (const [name, { isInParts }] of Object.entries(HANDLERS)) {
    const parts = isInParts ? IN_PARTS : {};
    bundles[name] = await inputsOf({ ...BUNDLING, ...parts, entryPoints: [`functions/${name}/handler.ts`] });
  }
  return bundles;
}

async function inputsOf(options: BuildOptions): Promise<string[]> {
  const { metafile } = await build({
    ...options,
    absWorkingDir: PACKAGE_FOLDER,
    outdir: 'dist',
    sourcemap: false,
    write: false,
    metafile: true,
  });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? path : [])),
  );
  return [...new Set(used)].sort();
}
