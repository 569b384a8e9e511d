import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LAYOUT_NAMES, layoutEdits } from '../../chaos/product/code-version.ts';
import { PLANT_NAMES, plantedEdits } from '../../chaos/product/planted-faults.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const SOURCES = globSync('lib/{assessment,aws,records,store}/**/*.ts', { cwd: ROOT }).map((file) =>
  readFileSync(resolve(ROOT, file), 'utf8'),
);

describe('edits of the sources under campaigns', () => {
  it.each([
    ...PLANT_NAMES.map((name) => [`the planted fault ${name}`, plantedEdits(name)] as const),
    ...LAYOUT_NAMES.map((name) => [`the layout ${name}`, layoutEdits(name)] as const),
  ])('find what they replace: %s', (_, edits) => {
    const missing = edits.filter(({ from }) => !SOURCES.some((source) => source.includes(from)));

    expect(missing).toEqual([]);
  });
});
