import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** A folder with its import rules. */
interface Room {
  readonly folder: string;
  /** Folders that it may import besides itself; by default all above it in the table. */
  readonly imports?: readonly string[];
  /** Packages and Node modules; undefined means any. */
  readonly packages?: RegExp;
}

const AWS = /@aws-sdk|@middy|@aws-lambda-powertools|aws-cdk-lib/;
const NO_AWS = new RegExp(`^(?!.*(?:${AWS.source}))`);
const NONE = /^$/;

/** A folder may import those above it, and no others: the table of docs/architecture.md. */
const ROOMS: readonly Room[] = [
  { folder: 'lib/consensus', packages: NONE },
  { folder: 'lib/errors', imports: [], packages: NONE },
  { folder: 'lib/files', imports: ['lib/errors'], packages: NO_AWS },
  { folder: 'lib/records', imports: ['lib/consensus'], packages: NO_AWS },
  { folder: 'lib/logs', packages: NO_AWS },
  { folder: 'lib/activity', imports: ['lib/consensus', 'lib/records'], packages: NONE },
  { folder: 'lib/telemetry', imports: [], packages: NONE },
  { folder: 'lib/aws', imports: ['lib/errors'] },
  { folder: 'lib/intelligence' },
  { folder: 'lib/cutover' },
  { folder: 'lib/store' },
  { folder: 'lib/statistics' },
  { folder: 'lib/announcement', packages: NO_AWS },
  { folder: 'lib/assessment' },
  { folder: 'lib/ingestion' },
  { folder: 'lib/charts', imports: [], packages: NO_AWS },
  { folder: 'lib/evaluation', packages: NO_AWS },
  { folder: 'lib/local', imports: ['lib/errors', 'lib/aws', 'lib/files'] },
  { folder: 'lib/cli' },
];
const ABOVE = ROOMS.map(({ folder }) => folder);

/** Folders that functions must not import. */
const NOT_DEPLOYED = ['lib/charts', 'lib/evaluation', 'lib/local', 'lib/cli'];

const BUILDINGS: readonly Room[] = [
  { folder: 'functions', imports: ABOVE.filter((folder) => !NOT_DEPLOYED.includes(folder)) },
  {
    folder: 'infra',
    imports: [
      'lib/telemetry',
      // Names and schemas that template and code share, so that they cannot diverge.
      'lib/announcement/announcement.ts',
      'lib/announcement/announcement-settings.ts',
      'lib/announcement/event-names.ts',
      'lib/aws/bucket-object.ts',
      'lib/aws/stack-outputs.ts',
      'lib/cutover/settings.ts',
      'lib/intelligence/feeds/choose-feeds.ts',
      'lib/ingestion/log-sources.ts',
      'lib/intelligence/keys/keys-path.ts',
      'lib/intelligence/providers/provider.ts',
      'lib/statistics/readiness-thresholds.ts',
      'lib/store/table-schema.ts',
      // The published package holds everything that the embedded stack runs.
      'lib/files/package-folder.ts',
      'lib/local/template/synthesize.ts',
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

  it.each([
    ["import { summaryKey } from '../store/keys.ts';", false],
    ["import type { ItemKey } from '../store/keys.ts';", false],
    ["export type { ItemKey } from '../store/keys.ts';", false],
    ["const keys = await import('../store/keys.ts');", false],
    ["import { vote } from '../consensus/vote.ts';", true],
    ["import { S3Client } from '@aws-sdk/client-s3';", false],
  ])('are closed to what they may not import: %s', (statement, expected) => {
    const root = mkdtempSync(join(tmpdir(), 'rooms-'));
    mkdirSync(join(root, 'lib/records'), { recursive: true });
    writeFileSync(join(root, 'lib/records/endpoint.ts'), statement);

    const found = importsOf('lib/records', root);
    rmSync(root, { recursive: true });

    const records = ROOMS.find(({ folder }) => folder === 'lib/records');
    expect(found.map((each) => records !== undefined && isAllowed(records, each))).toEqual([expected]);
  });

  it('hold no files that import each other in a circle, types included', () => {
    const root = mkdtempSync(join(tmpdir(), 'circle-'));
    copyFileSync(resolve(ROOT, 'biome.json'), join(root, 'biome.json'));
    writeFileSync(
      join(root, 'one.ts'),
      "import type { Two } from './two.ts';\n\nexport type One = Two | 1;\n",
    );
    writeFileSync(
      join(root, 'two.ts'),
      "import type { One } from './one.ts';\n\nexport type Two = One | 2;\n",
    );

    const { status, stdout, stderr } = spawnSync(
      resolve(ROOT, 'node_modules/.bin/biome'),
      ['lint', '--vcs-enabled=false', root],
      { cwd: root, encoding: 'utf8' },
    );
    rmSync(root, { recursive: true });

    expect(status).toBe(1);
    expect(`${stdout}${stderr}`).toContain('noImportCycles');
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

/** Imports of a folder's files, types included; the project's own by path from its root. */
function importsOf(folder: string, root = ROOT): Import[] {
  return globSync(`${folder}/**/*.ts`, { cwd: root }).flatMap((file) => {
    const text = readFileSync(resolve(root, file), 'utf8');
    const statements = text.matchAll(
      /^(?:import|export)\s+(?:type\s)?[^;'"]*?from '([^']+)'|\bimport\(?\s*['"`]([^'"`]+)['"`]/gm,
    );
    return [...statements].map(([, fromSource, dynamicSource]) => {
      const source = fromSource ?? dynamicSource ?? '';
      const path = source.startsWith('.') ? relative(root, resolve(root, dirname(file), source)) : source;
      return { file, source: path };
    });
  });
}
