#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { IS_BUILT, PACKAGE_FOLDER } from '../files/package-folder.ts';
import { userCacheFolder } from '../files/user-folders.ts';

// Before anything else is loaded: what was compiled once is not compiled for each command again, which takes longer
// than most of them. Where the folder can't be written, it is.
// An installed package is often another user's.
enableCompileCache(
  join(
    IS_BUILT ? userCacheFolder() : join(PACKAGE_FOLDER, 'node_modules/.cache/threat-consensus'),
    'compiled',
  ),
);
const { runProcess } = await import('./program.ts');
await runProcess();
