#!/usr/bin/env node
// JavaScript that any Node runs: an older one would report a file extension or a syntax error instead of what is wrong.
const OLDEST = 24;
if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  process.stderr.write(
    `error: this is Node ${process.versions.node}, and threat-consensus needs Node ${OLDEST} or newer\n`,
  );
  process.exit(1);
}
import('./threat-consensus.ts');
