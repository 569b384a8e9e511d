/**
 * Bundles a handler into a folder: `node bundle-command.ts ENTRY FOLDER`. A process of its own, because synthesis is
 * synchronous and a bundler with plugins is not.
 */
import { join } from 'node:path';
import { bundleHandler } from './bundle-handler.ts';

const [entry = '', folder = ''] = process.argv.slice(2);
await bundleHandler(entry, join(folder, 'index.mjs'));
