import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ImportGraph } from './import-graph.ts';

/** The tests that could notice a change of one file. */
export interface CoveringTests {
  /** Paths from the root. */
  readonly files: readonly string[];
  /** Of the tests and of all that they load: where it is unchanged, so are the results. */
  readonly digest: string;
}

/**
 * Chooses the tests of a file: those in the folder of `test/unit` that is named as the file's own, and in the folders
 * given besides, as far as they load the file. Where there is none, all unit tests that load it.
 */
export function createTestChooser(
  root: string,
  graph: ImportGraph,
  furtherFolders: readonly string[],
): (file: string) => CoveringTests {
  const everyUnitTest = testsIn(root, 'test/unit');
  const further = furtherFolders.flatMap((folder) => testsIn(root, folder));
  return (file) => {
    const own = testsIn(root, dirname(file).replace(/^lib/, 'test/unit'));
    const above = testsIn(root, file.split('/').slice(0, 2).join('/').replace(/^lib/, 'test/unit'));
    const loads = (test: string) => graph.loadedBy(test).includes(file);
    const near = [...new Set([...own, ...above, ...further])].filter(loads);
    const files = near.length > 0 ? near : everyUnitTest.filter(loads);
    return { files, digest: digestOf(root, graph, files) };
  };
}

function testsIn(root: string, folder: string): string[] {
  return globSync(`${folder}/**/*.test.ts`, { cwd: root }).toSorted();
}

function digestOf(root: string, graph: ImportGraph, tests: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of new Set(tests.flatMap((test) => graph.loadedBy(test)))) {
    hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
