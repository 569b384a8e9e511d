/** Writes the pages in `docs/commands` and the table in `docs/commands.md` from the program: `npm run docs:commands`. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeProgram } from '../../lib/cli/program.ts';
import { PACKAGE_FOLDER } from '../../lib/files/package-folder.ts';
import { commandPages, commandTable, withCommandTable } from './command-pages.ts';

const DOCS = join(PACKAGE_FOLDER, 'docs');
const INDEX = join(DOCS, 'commands.md');

const program = await describeProgram();
await rm(join(DOCS, 'commands'), { recursive: true, force: true });
await mkdir(join(DOCS, 'commands'));
for (const { path, text } of commandPages(program)) await writeFile(join(DOCS, path), text);
await writeFile(INDEX, withCommandTable(await readFile(INDEX, 'utf8'), commandTable(program)));
