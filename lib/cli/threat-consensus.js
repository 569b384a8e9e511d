#!/usr/bin/env node
// JavaScript that any Node runs: an older one would report a file extension or a syntax error instead of what is wrong.
import { existsSync } from 'node:fs';

const OLDEST = 24;
if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  process.stderr.write(
    `error: this is Node ${process.versions.node}, and threat-consensus needs Node ${OLDEST} or newer\n`,
  );
  process.exit(1);
}
// A checkout has the source; an installed package has only what was built from it.
const source = new URL('./threat-consensus.ts', import.meta.url);
import(existsSync(source) ? source.href : new URL('../../dist/threat-consensus.js', import.meta.url).href);
