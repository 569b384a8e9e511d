import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

describe('the README', () => {
  it('names only files and folders that exist', () => {
    const named = [
      ...README.matchAll(/`((?:lib|functions|infra|test|docs)\/[\w./-]*)`|\]\((docs\/[^)]+)\)/g),
    ];

    const paths = named.map(([, quoted, linked]) => quoted ?? linked ?? '');
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const scripts = [...README.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);

    expect(scripts.length).toBeGreaterThan(3);
    expect(scripts.filter((name) => !(String(name) in packageJson.scripts))).toEqual([]);
  });

  it('leaves no place to be filled in', () => {
    expect(README).not.toMatch(/\b(?:TODO|TBD|FIXME|[A-Z]{3,}_SECTION)\b/);
  });
});
