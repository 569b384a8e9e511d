import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../../lib/cli');

interface Import {
  readonly file: string;
  /** Path relative to the command line's folder, or a package name. */
  readonly source: string;
}

/** A layer of the command line, with the imports it must not have, types included. */
const LAYERS: readonly (readonly [layer: string, forbidden: RegExp])[] = [
  ['commands', /^commands\//],
  ['options', /^(?:commands|output)\//],
  ['use', /^(?:commands|options|output)\/|^commander$|^cli-progress$/],
  ['output', /^(?:commands|options|use)\/|^commander$/],
  ['results', /^(?:commands|options|use|output)\/|^commander$/],
];

describe('layers of the command line', () => {
  it.each(LAYERS)('%s imports only what it may', (layer, forbidden) => {
    const found = importsOf(layer);

    expect(found).not.toEqual([]);
    expect(found.filter(({ source }) => forbidden.test(source)).map(sentence)).toEqual([]);
  });

  it('are all of its folders', () => {
    const folders = globSync('*/', { cwd: ROOT }).map((folder) => folder.replace(/\/$/, ''));

    expect(folders.sort()).toEqual(LAYERS.map(([layer]) => layer).toSorted());
  });

  it('have commands that only the program imports', () => {
    const importers = importsOf('.').filter(({ source }) => source.startsWith('commands/'));

    expect(new Set(importers.map(({ file }) => file))).toEqual(new Set(['program.ts']));
  });

  it('leave standard output and error to commands and output', () => {
    const users = [...globSync('{use,options,results}/**/*.ts', { cwd: ROOT })].filter((file) =>
      /process\.std(?:out|err)|files\/standard-output\.ts/.test(readFileSync(resolve(ROOT, file), 'utf8')),
    );

    expect(users).toEqual([]);
  });

  it('have their imports found, those of types and those while it runs too', () => {
    const of = (file: string) =>
      importsOf(dirname(file))
        .filter((each) => each.file === file)
        .map(({ source }) => source);

    expect(of('commands/export.ts')).toContain('output/export/write-export.ts');
    expect(of('commands/export.ts')).toContain('use/target/resources.ts');
    expect(of('options/json.ts')).toContain('commander');
  });
});

function sentence({ file, source }: Import): string {
  return `${file} imports ${source}`;
}

/** Imports of a folder's files, types included. */
function importsOf(folder: string): Import[] {
  return globSync(`${folder}/**/*.ts`, { cwd: ROOT }).flatMap((file) => {
    const text = readFileSync(resolve(ROOT, file), 'utf8');
    const statements = text.matchAll(
      /^(?:import|export)\s+(?:type\s)?[^;'"]*?from '([^']+)'|\bimport\(?\s*['"`]([^'"`]+)['"`]/gm,
    );
    return [...statements].map(([, fromSource, dynamicSource]) => {
      const source = fromSource ?? dynamicSource ?? '';
      const path = source.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), source)) : source;
      return { file: relative(ROOT, resolve(ROOT, file)), source: path };
    });
  });
}
