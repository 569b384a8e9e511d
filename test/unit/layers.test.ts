import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** A room of the house. */
interface Room {
  readonly folder: string;
  /** Rooms that it may import beside itself; all above it in the table where this is not given. */
  readonly imports?: readonly string[];
  /** Packages and Node modules; undefined means any. */
  readonly packages?: RegExp;
}

const AWS = /@aws-sdk|@middy|@aws-lambda-powertools|aws-cdk-lib/;
const NO_AWS = new RegExp(`^(?!.*(?:${AWS.source}))`);
const NONE = /^$/;

/** A room may import the rooms above it, and no others: the table of docs/architecture.md. */
const ROOMS: readonly Room[] = [
  { folder: 'lib/consensus', packages: NONE },
  { folder: 'lib/errors', imports: [], packages: NONE },
  { folder: 'lib/files', imports: ['lib/errors'], packages: NO_AWS },
  { folder: 'lib/records', imports: ['lib/consensus'], packages: NO_AWS },
  { folder: 'lib/logs', packages: NO_AWS },
  { folder: 'lib/telemetry', imports: [], packages: NONE },
  { folder: 'lib/aws', imports: ['lib/errors'] },
  { folder: 'lib/intelligence' },
  { folder: 'lib/cutover' },
  { folder: 'lib/store' },
  { folder: 'lib/statistics' },
  { folder: 'lib/assessment' },
  { folder: 'lib/charts', imports: [], packages: NO_AWS },
  { folder: 'lib/evaluation', packages: NO_AWS },
  { folder: 'lib/local', imports: ['lib/errors', 'lib/aws', 'lib/files'] },
  { folder: 'lib/cli' },
];
const ABOVE = ROOMS.map(({ folder }) => folder);

/** What functions leave to the command line. */
const NOT_DEPLOYED = ['lib/files', 'lib/logs', 'lib/charts', 'lib/evaluation', 'lib/local', 'lib/cli'];

const BUILDINGS: readonly Room[] = [
  { folder: 'functions', imports: ABOVE.filter((folder) => !NOT_DEPLOYED.includes(folder)) },
  {
    folder: 'infra',
    imports: [
      'lib/telemetry',
      // Names and schemas that template and code share; stating them twice would let the two drift apart.
      'lib/aws/stack-outputs.ts',
      'lib/cutover/settings.ts',
      'lib/intelligence/keys/keys-path.ts',
      'lib/intelligence/providers/provider.ts',
      'lib/statistics/readiness-thresholds.ts',
      'lib/store/table-schema.ts',
    ],
  },
];

interface Import {
  readonly file: string;
  readonly source: string;
}

describe('rooms', () => {
  it.each([...ROOMS, ...BUILDINGS])('$folder imports only what it may', (room) => {
    const wrong = importsOf(room.folder).filter((found) => !isAllowed(room, found));

    expect(wrong.map(({ file, source }) => `${file} imports ${source}`)).toEqual([]);
  });

  it('are all of lib', () => {
    expect(ABOVE.toSorted()).toEqual(globSync('lib/*', { cwd: ROOT }).sort());
  });

  it('are told apart from what they may not import', () => {
    const room = { folder: 'lib/records', imports: ['lib/consensus'] };
    const forbidden = { file: 'lib/records/endpoint.ts', source: 'lib/store/keys.ts' };

    expect(isAllowed(room, forbidden)).toBe(false);
    expect(isAllowed(room, { ...forbidden, source: 'lib/consensus/vote.ts' })).toBe(true);
    expect(isAllowed({ folder: 'lib/store' }, { ...forbidden, source: 'lib/assessment/inform.ts' })).toBe(
      false,
    );
  });

  it('have their imports found', () => {
    const found = importsOf('functions').map(({ source }) => source);

    expect(found).toContain('@middy/core');
    expect(found).toContain('lib/assessment/assess-batch.ts');
  });
});

function isAllowed({ folder, imports = roomsAbove(folder), packages }: Room, { source }: Import): boolean {
  const isOurs = /^(?:lib|functions|infra|test)\//.test(source);
  if (!isOurs) return packages?.test(source) ?? true;
  return [folder, ...imports].some((allowed) => source === allowed || source.startsWith(`${allowed}/`));
}

function roomsAbove(folder: string): readonly string[] {
  return ABOVE.slice(0, ABOVE.indexOf(folder));
}

/** Imports of a folder's files, types included; those of the project by their path from its root. */
function importsOf(folder: string): Import[] {
  return globSync(`${folder}/**/*.ts`, { cwd: ROOT }).flatMap((file) => {
    const text = readFileSync(resolve(ROOT, file), 'utf8');
    const statements = text.matchAll(
      /^(?:import|export)\s+(?:type\s)?[^;'"]*?from '([^']+)'|\bimport\(?\s*['"`]([^'"`]+)['"`]/gm,
    );
    return [...statements].map(([, fromSource, dynamicSource]) => {
      const source = fromSource ?? dynamicSource ?? '';
      const path = source.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), source)) : source;
      return { file, source: path };
    });
  });
}
