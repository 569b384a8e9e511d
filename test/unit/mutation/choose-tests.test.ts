import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTestChooser } from '../../mutation/choose-tests.ts';
import { ImportGraph } from '../../mutation/import-graph.ts';

const FILES = {
  'lib/a/one.ts': "import { two } from './two.ts'; import './side.ts'; export const one = two;",
  'lib/a/two.ts': "import type { Three } from './three.ts'; export * from '../b/four.ts';",
  'lib/a/side.ts': "import { type Three } from './three.ts'; import 'zod'; import five from './five.json';",
  'lib/a/three.ts': 'export type Three = 3;',
  'lib/a/five.json': '5',
  'lib/b/four.ts': "export const four = () => import('../a/one.ts');",
  'lib/b/alone.ts': '',
  'test/unit/a/one.test.ts': "import '../../../lib/a/one.ts';",
  'test/unit/a/alone.test.ts': "import '../../../lib/b/alone.ts';",
  'test/unit/c/four.test.ts': "import '../../../lib/b/four.ts';",
  'test/integration/a.test.ts': "import '../../lib/a/one.ts';",
};

/** A project with the files above, some of them replaced. */
function project(replaced: Partial<Record<keyof typeof FILES, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'mutation-'));
  for (const [file, text] of Object.entries({ ...FILES, ...replaced })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

function testsOf(file: string, folders: readonly string[] = [], root = project()) {
  return createTestChooser(root, new ImportGraph(root), folders)(file);
}

describe('ImportGraph', () => {
  it('follows what is loaded, in circles too, and no types or packages', () => {
    expect(new ImportGraph(project()).loadedBy('test/unit/a/one.test.ts')).toEqual([
      'lib/a/five.json',
      'lib/a/one.ts',
      'lib/a/side.ts',
      'lib/a/two.ts',
      'lib/b/four.ts',
      'test/unit/a/one.test.ts',
    ]);
  });
});

describe('the tests of a file', () => {
  it('are those of its own folder that load it', () => {
    expect(testsOf('lib/a/two.ts').files).toEqual(['test/unit/a/one.test.ts']);
  });

  it('are those of other folders of unit tests where its own has none', () => {
    expect(testsOf('lib/b/four.ts').files).toEqual(['test/unit/a/one.test.ts', 'test/unit/c/four.test.ts']);
  });

  it('are also those of folders named', () => {
    expect(testsOf('lib/a/two.ts', ['test/integration']).files).toContain('test/integration/a.test.ts');
  });

  it('are none for a file of types', () => {
    expect(testsOf('lib/a/three.ts').files).toEqual([]);
  });

  it.each<{ change: Partial<typeof FILES>; isSame: boolean }>([
    { change: {}, isSame: true },
    { change: { 'test/unit/a/alone.test.ts': '' }, isSame: true },
    { change: { 'lib/a/three.ts': 'export type Three = 4;' }, isSame: true },
    { change: { 'lib/a/five.json': '6' }, isSame: false },
    { change: { 'test/unit/a/one.test.ts': "import '../../../lib/a/one.ts'; f();" }, isSame: false },
  ])('have a digest of all that they load: $change', ({ change, isSame }) => {
    const { digest } = testsOf('lib/a/one.ts');

    expect(testsOf('lib/a/one.ts', [], project(change)).digest === digest).toBe(isSame);
  });
});
