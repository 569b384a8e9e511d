import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bundleHandler, IN_PARTS } from '../../infra/bundling/bundle-handler.ts';

const HANDLER = fileURLToPath(new URL('../../functions/roll-back-cutover/handler.ts', import.meta.url));

it('makes the same files whichever folder they are for, so that an asset is known by what is in it', async () => {
  const near = mkdtempSync(join(tmpdir(), 'bundle-'));
  const far = join(mkdtempSync(join(tmpdir(), 'bundle-')), 'a', 'long', 'way', 'down');
  const filesOf = async (folder: string) => {
    await bundleHandler(HANDLER, join(folder, 'index.mjs'));
    return Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
    );
  };
  const files = await filesOf(near);

  expect(Object.keys(files).sort()).toEqual(['index.mjs', 'index.mjs.map']);
  expect(files['index.mjs']).toMatch(/sourceMappingURL=index\.mjs\.map\s*$/);
  expect(JSON.parse(files['index.mjs.map'] ?? '').sources).toContain(
    '../functions/roll-back-cutover/handler.ts',
  );
  // Compared as a whole: otherwise a failure would print the difference.
  expect(JSON.stringify(await filesOf(far)) === JSON.stringify(files)).toBe(true);
});

it.each(['score-connections', 'roll-back-cutover', 'announce-findings'])(
  'keeps %s below 500 kB, which a cold start reads',
  async (name) => {
    const entry = fileURLToPath(new URL(`../../functions/${name}/handler.ts`, import.meta.url));
    const outFile = join(mkdtempSync(join(tmpdir(), 'bundle-')), 'index.mjs');
    await bundleHandler(entry, outFile);

    expect(statSync(outFile).size).toBeLessThanOrEqual(500_000);
    const bundle = readFileSync(outFile, 'utf8');
    expect(bundle).toContain('bundled without JSON Schema');
    expect(bundle).toContain('bundled without event streams');
    expect(bundle).toContain('bundled without adaptive retries');
    expect(bundle).not.toContain('EventStreamCodec');
    expect(bundle).not.toContain('latest/api/token');
  },
);

it.each([
  ['read-log-file', 'its reader of Parquet', /^parquet/],
  ['refresh-feeds', "S3's client", /^fetch-object/],
])('keeps what a cold start reads of %s below 500 kB, and %s apart', async (name, _, part) => {
  const entry = fileURLToPath(new URL(`../../functions/${name}/handler.ts`, import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  await bundleHandler(entry, join(folder, 'index.mjs'), IN_PARTS);

  // Files that any of them imports statically.
  const read = new Set(['index.mjs']);
  for (const file of read) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, imported = ''] of text.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+)"/g)) read.add(imported);
  }
  const bytes = [...read].reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  expect(bytes).toBeLessThanOrEqual(500_000);
  expect(read.size).toBeGreaterThan(1);
  const apart = readdirSync(folder).filter((file) => part.test(file));
  expect(apart.length).toBeGreaterThan(0);
  expect([...read]).not.toContain(apart[0]);
  const all = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('');
  expect(all).toContain('bundled without JSON Schema');
  expect(all).toContain('bundled without event streams');
  expect(all).not.toContain('EventStreamCodec');
});
