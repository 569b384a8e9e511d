import { describe, expect, it } from 'vitest';
import type { LockedPackage } from '../../../infra/packaging/bill-of-materials.ts';
import lockfile from '../../../package-lock.json' with { type: 'json' };

/** SPDX ids of licences that only require a notice; nothing else is shipped. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
]);

/** Licences of tools that only run here and are not shipped. */
const OF_TOOLS: ReadonlySet<string> = new Set([...PERMISSIVE, 'MPL-2.0']);

/** Tools with a licence that is reviewed individually, and why it does no harm. */
const LOOKED_AT: Readonly<Record<string, { readonly license: string; readonly because: string }>> = {
  ...Object.fromEntries(
    ['iam-policy', 'iam-simulate', 'iam-utils'].map((name) => [
      `@cloud-copilot/${name}`,
      {
        license: 'AGPL-3.0-or-later',
        because: 'tests call it; nothing of it is bundled, shipped or deployed',
      },
    ]),
  ),
};

interface Locked extends LockedPackage {
  readonly dev?: true;
}

const dependencies = Object.entries(lockfile.packages as Readonly<Record<string, Locked>>)
  .filter(([folder]) => folder !== '')
  .map(([folder, entry]) => ({ name: folder.replace(/^.*node_modules\//, ''), ...entry }));

/** Whether one of an expression's alternatives is fully allowed. */
function isAllowed(expression: string, allowed: ReadonlySet<string>): boolean {
  const text = expression.replaceAll(/[()]/g, '');
  return text.split(' OR ').some((choice) => choice.split(' AND ').every((id) => allowed.has(id)));
}

describe('licences of dependencies', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-or-later)', true],
    ['MIT AND Apache-2.0', true],
    ['MIT AND GPL-3.0-or-later', false],
    ['SEE LICENSE IN LICENSE.md', false],
    ['', false],
  ])('are read as SPDX expressions: "%s"', (expression, expected) => {
    expect(isAllowed(expression, PERMISSIVE)).toBe(expected);
  });

  it('are permissive in what is shipped', () => {
    const shipped = dependencies.filter(({ dev }) => dev !== true);

    expect(shipped.length).toBeGreaterThan(50);
    expect(shipped.filter(({ license = '' }) => !isAllowed(license, PERMISSIVE))).toEqual([]);
  });

  it('are known in what is only a tool', () => {
    const tools = dependencies.filter(({ dev }) => dev === true);
    const unknown = tools.filter(
      ({ name, license = '' }) => !isAllowed(license, OF_TOOLS) && LOOKED_AT[name]?.license !== license,
    );

    expect(tools.length).toBeGreaterThan(50);
    expect(unknown).toEqual([]);
  });

  it('are looked at one by one only where the tool is still there, and only a tool', () => {
    const left = Object.keys(LOOKED_AT).filter(
      (looked) => !dependencies.some(({ name, dev }) => name === looked && dev === true),
    );

    expect(left).toEqual([]);
  });
});
