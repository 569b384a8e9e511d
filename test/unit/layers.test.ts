import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** What a folder may import, beside itself; `types` only with `import type`. */
interface Layer {
  readonly folder: string;
  readonly imports: readonly string[];
  readonly types?: readonly string[];
  /** Packages and Node modules; undefined means any. */
  readonly packages?: RegExp;
}

const AWS = /@aws-sdk|@middy|@aws-lambda-powertools|aws-cdk-lib/;
const NO_AWS = new RegExp(`^(?!.*(?:${AWS.source}))`);
const NONE = /^$/;

const LAYERS: readonly Layer[] = [
  { folder: 'lib/consensus', imports: [], packages: NONE },
  { folder: 'lib/records', imports: ['lib/files'], types: ['lib/consensus'], packages: NO_AWS },
  { folder: 'lib/telemetry', imports: [] },
  { folder: 'lib/deployment', imports: [], packages: NONE },
  {
    folder: 'lib/reputation',
    imports: ['lib/telemetry', 'lib/deployment'],
    types: ['lib/records', 'lib/consensus'],
  },
  { folder: 'lib/cutover', imports: ['lib/telemetry'], types: ['lib/consensus'] },
  {
    folder: 'lib/store',
    imports: ['lib/telemetry', 'lib/records'],
    types: ['lib/consensus', 'lib/reputation'],
  },
  {
    folder: 'lib/assessment',
    imports: ['lib/consensus', 'lib/records', 'lib/telemetry', 'lib/reputation', 'lib/cutover', 'lib/store'],
  },
  // What the command lines share about files and standard output.
  { folder: 'lib/files', imports: [], packages: NO_AWS },
  { folder: 'lib/charts', imports: [], packages: NO_AWS },
  {
    folder: 'lib/evaluation',
    imports: ['lib/consensus', 'lib/records', 'lib/charts', 'lib/files'],
    packages: NO_AWS,
  },
  {
    folder: 'lib/local',
    imports: [
      'lib/consensus',
      'lib/records',
      'lib/telemetry',
      'lib/reputation',
      'lib/cutover',
      'lib/store',
      'lib/assessment',
      'lib/deployment',
      'lib/files',
    ],
  },
  { folder: 'lib/cli', imports: ['lib'] },
  {
    folder: 'functions',
    imports: [
      'lib/consensus',
      'lib/records',
      'lib/telemetry',
      'lib/reputation',
      'lib/cutover',
      'lib/store',
      'lib/assessment',
    ],
  },
  {
    folder: 'infra',
    imports: [
      'lib/telemetry',
      'lib/cutover',
      'lib/deployment',
      // Names that are the code's own; stating them twice would let the two drift apart.
      'lib/store/table-schema.ts',
      'lib/reputation/provider.ts',
    ],
  },
];

interface Import {
  readonly file: string;
  readonly source: string;
  readonly isTypeOnly: boolean;
}

describe('layers', () => {
  it.each(LAYERS)('$folder imports only what it may', (layer) => {
    const wrong = importsOf(layer.folder).filter((found) => !isAllowed(layer, found));

    expect(wrong.map(({ file, source }) => `${file} imports ${source}`)).toEqual([]);
  });

  it('knows every folder of lib', () => {
    const folders = globSync('lib/*', { cwd: ROOT });

    expect(LAYERS.map(({ folder }) => folder)).toEqual(expect.arrayContaining(folders));
  });

  it('finds the imports that it judges', () => {
    const found = importsOf('functions').map(({ source }) => source);

    expect(found).toContain('@middy/core');
    expect(found).toContain('lib/assessment/assess-batch.ts');
  });
});

function isAllowed(layer: Layer, { source, isTypeOnly }: Import): boolean {
  const isOurs = /^(?:lib|functions|infra|test)\//.test(source);
  if (!isOurs) return layer.packages?.test(source) ?? true;
  const folders = [layer.folder, ...layer.imports, ...(isTypeOnly ? (layer.types ?? []) : [])];
  return folders.some((folder) => source === folder || source.startsWith(`${folder}/`));
}

/** Imports of a folder's files; those of the project by their path from its root. */
function importsOf(folder: string): Import[] {
  return globSync(`${folder}/**/*.ts`, { cwd: ROOT }).flatMap((file) => {
    const text = readFileSync(resolve(ROOT, file), 'utf8');
    const statements = text.matchAll(
      /^(?:import|export)\s+(type\s)?[^;'"]*?from '([^']+)'|\bimport\(?\s*['"`]([^'"`]+)['"`]/gm,
    );
    return [...statements].map(([, type, fromSource, dynamicSource]) => {
      const source = fromSource ?? dynamicSource ?? '';
      const path = source.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), source)) : source;
      return { file, source: path, isTypeOnly: type !== undefined };
    });
  });
}
