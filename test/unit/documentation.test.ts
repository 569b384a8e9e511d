import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeProgram } from '../../lib/cli/program.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { commandPages, commandTable, withCommandTable } from '../documentation/command-pages.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT }).sort();
const LONGEST_README = 250;
/** Pages that are linked from another page. */
const FURTHER_FOLDERS = ['docs/decisions', 'docs/commands'];

describe('the README', () => {
  it('is short enough to be read', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(LONGEST_README);
  });

  it('leads to every page for users', () => {
    const linked = linksIn('README.md').map(({ path }) => path);
    const pages = PAGES.filter((page) => page !== 'README.md' && !FURTHER_FOLDERS.includes(dirname(page)));

    expect(pages.filter((page) => !linked.includes(page))).toEqual([]);
  });
});

describe('the documentation', () => {
  it('is there', () => {
    expect(PAGES).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/alarms.md']));
  });

  it.each(PAGES)('names only files and folders that exist: %s', (page) => {
    const named = [...read(page).matchAll(/`((?:lib|functions|infra|test|docs)\/[\w./-]*)`/g)];

    const paths = named.map(([, path]) => path ?? '');
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it.each(PAGES)('links only to what exists: %s', (page) => {
    const broken = linksIn(page).filter(({ path, anchor }) => !leadsSomewhere(path, anchor));

    expect(broken).toEqual([]);
  });

  it.each(PAGES)('names only npm scripts that exist: %s', (page) => {
    const scripts = [...read(page).matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name);

    expect(scripts.filter((name) => !(String(name) in packageJson.scripts))).toEqual([]);
  });

  it.each(PAGES)('says which environment each call of the CDK is about: %s', (page) => {
    // The app does not guess an environment; an app of the reader's own has none.
    const calls = [...read(page).matchAll(/^npx cdk .*$/gm)].map(([call]) => call);

    expect(calls.filter((call) => !/ -c env=[a-z]+| --app /.test(call))).toEqual([]);
  });

  it.each(PAGES)('leaves no place to be filled in: %s', (page) => {
    expect(read(page)).not.toMatch(/\b(?:TODO|TBD|FIXME)\b/);
  });
});

describe('the pages of the commands', () => {
  it('say what the program says of itself: else `npm run docs:commands`', async () => {
    const program = await describeProgram();
    const index = read('docs/commands.md');

    const pages = globSync('commands/*.md', { cwd: join(ROOT, 'docs') }).sort();
    const written = pages.map((path) => ({ path, text: read(join('docs', path)) }));
    expect(written).toEqual(commandPages(program).toSorted((a, b) => (a.path < b.path ? -1 : 1)));
    expect(index).toBe(withCommandTable(index, commandTable(program)));
    expect(index).toContain(commandTable(program));
  });
});

function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** Links of a page within the project, relative to its root. */
function linksIn(page: string): { readonly path: string; readonly anchor: string }[] {
  const targets = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor = ''] = target.split('#');
      return { path: path === '' ? page : join(dirname(page), path), anchor };
    });
}

function leadsSomewhere(path: string, anchor: string): boolean {
  if (!existsSync(join(ROOT, path))) return false;
  return anchor === '' || anchorsOf(path).includes(anchor);
}

/** Heading anchors as on GitHub: lower case, spaces as hyphens, punctuation removed. */
function anchorsOf(page: string): string[] {
  const headings = [...withoutCode(read(page)).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading ?? '');
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

function withoutCode(text: string): string {
  return text
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ''));
}
