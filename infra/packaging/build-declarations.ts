import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE_FOLDER } from '../../lib/files/package-folder.ts';

/** Imports of our own files in a declaration. */
const OWN_IMPORT = /from '(\.{1,2}\/[^']+)\.ts'/g;

/**
 * Writes the type declarations that an entry of the package needs: its own, and those it imports, directly or not.
 *
 * @param entry the source file, relative to the package's folder
 * @param folder where to write them, at the same paths
 */
export async function buildDeclarations(entry: string, folder: string): Promise<void> {
  const all = await mkdtemp(join(tmpdir(), 'declarations-'));
  try {
    await emitAll(entry, all);
    const left = [declarationOf(entry)];
    // Entries appended during the loop are visited too.
    for (const path of left) {
      const text = await readFile(join(all, path), 'utf8');
      const imported = [...text.matchAll(OWN_IMPORT)].map(([, file]) => join(dirname(path), `${file}.d.ts`));
      left.push(...imported.filter((each) => !left.includes(each)));
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text.replaceAll(OWN_IMPORT, "from '$1.js'"));
    }
  } finally {
    await rm(all, { recursive: true, force: true });
  }
}

/** The compiler writes the declarations of all files that the entry imports. */
async function emitAll(entry: string, outDir: string): Promise<void> {
  const project = join(outDir, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: PACKAGE_FOLDER,
    outDir,
    typeRoots: [join(PACKAGE_FOLDER, 'node_modules/@types')],
  };
  const base = relative(outDir, join(PACKAGE_FOLDER, 'tsconfig.json'));
  await writeFile(
    project,
    JSON.stringify({ extends: base, include: [], files: [join(PACKAGE_FOLDER, entry)], compilerOptions }),
  );
  const compiler = join(PACKAGE_FOLDER, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '--project', project]);
}

function declarationOf(source: string): string {
  return source.replace(/\.ts$/, '.d.ts');
}
