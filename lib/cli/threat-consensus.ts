#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Before anything else is loaded: what was compiled once is not compiled for each command again, which takes longer
// than most of them. Where the folder can't be written, it is.
enableCompileCache(
  fileURLToPath(new URL('../../node_modules/.cache/threat-consensus/compiled', import.meta.url)),
);
const { runProcess } = await import('./program.ts');
await runProcess();
