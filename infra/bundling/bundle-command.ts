/**
 * Bundles a handler into a folder: `node bundle-command.ts ENTRY FOLDER [in-parts]`. It is a separate process because
 * synthesis is synchronous and a bundler with plugins is not.
 */
import { join } from 'node:path';
import { bundleHandler, IN_PARTS } from './bundle-handler.ts';

const [entry = '', folder = '', parts] = process.argv.slice(2);
await bundleHandler(entry, join(folder, 'index.mjs'), parts === 'in-parts' ? IN_PARTS : {});
