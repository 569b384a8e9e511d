#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { IS_BUILT, PACKAGE_FOLDER } from '../files/package-folder.ts';
import { userCacheFolder } from '../files/user-folders.ts';

// Before anything else is loaded: code is compiled once and cached, since compiling takes longer
// than most commands run. If the folder can't be written, it is compiled each time.
// An installed package often belongs to another user.
enableCompileCache(
  join(
    IS_BUILT ? userCacheFolder() : join(PACKAGE_FOLDER, 'node_modules/.cache/threat-consensus'),
    'compiled',
  ),
);
const { runProcess } = await import('./program.ts');
await runProcess();
