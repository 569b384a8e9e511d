import { build } from 'esbuild';
import { HANDLER_BUNDLE_OPTIONS } from './bundle-options.ts';
import { LocalStackError, messageOf } from './errors.ts';

/**
 * Bundles a handler as for deployment, SDK included, with its source map beside it.
 *
 * @param entry The handler's TypeScript file.
 * @param outFile Where to write the bundle; `.mjs`, or `.js` in a folder of ES modules.
 * @returns `outFile`.
 * @throws {LocalStackError} `bundling_failed`.
 */
export async function bundleHandler(entry: string, outFile: string): Promise<string> {
  try {
    await build({ ...HANDLER_BUNDLE_OPTIONS, entryPoints: [entry], outfile: outFile, logLevel: 'silent' });
  } catch (cause) {
    throw new LocalStackError('bundling_failed', `Cannot bundle ${entry}: ${messageOf(cause)}`, { cause });
  }
  return outFile;
}
