import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EQUIVALENTS, matches } from '../../mutation/equivalents.ts';
import { generateMutants, sampleMutants } from '../../mutation/generate-mutants.ts';
import { applyEdit, describeChange, type MutationKind } from '../../mutation/mutant.ts';
import { isModule, SyntaxFault } from '../../mutation/syntax.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Changes to a piece of code, optionally of one kind. */
function changesOf(text: string, kind?: MutationKind): string[] {
  return generateMutants('code.ts', text)
    .filter((mutant) => kind === undefined || mutant.kind === kind)
    .map(describeChange);
}

describe('generateMutants', () => {
  it.each<{ kind: MutationKind; text: string; changes: string[] }>([
    { kind: 'comparison', text: 'a < b', changes: ['< -> <=', '< -> >='] },
    { kind: 'comparison', text: 'a >= (b)', changes: ['>= -> >', '>= -> <'] },
    { kind: 'comparison', text: 'a === b', changes: ['=== -> !=='] },
    { kind: 'arithmetic', text: 'a + b', changes: ['+ -> -'] },
    { kind: 'arithmetic', text: "a + 'b'", changes: [] },
    { kind: 'arithmetic', text: 'a += `b`', changes: [] },
    { kind: 'arithmetic', text: 'a *= b', changes: ['*= -> /='] },
    { kind: 'arithmetic', text: 'a++, --b', changes: ['++ -> --', '-- -> ++'] },
    { kind: 'arithmetic', text: '-a', changes: ['- -> nothing'] },
    { kind: 'logic', text: 'a && b || c', changes: ['&& -> ||', '|| -> &&'] },
    { kind: 'logic', text: 'a ?? b', changes: ['?? -> &&'] },
    { kind: 'condition', text: 'if (a > b) c()', changes: ['a > b -> true', 'a > b -> false'] },
    { kind: 'condition', text: 'a ? b : c', changes: ['a -> true', 'a -> false'] },
    { kind: 'condition', text: 'while (a) b()', changes: ['a -> false'] },
    { kind: 'condition', text: '!a', changes: ['! -> nothing'] },
    { kind: 'literal', text: "f(true, 'a', '')", changes: ['true -> false', "'a' -> ''", "'' -> 'mutated'"] },
    { kind: 'literal', text: 'f(0, 41, 0.2, 1n)', changes: ['0 -> 1', '41 -> 42', '0.2 -> 0.3'] },
    { kind: 'literal', text: 'f([a], [])', changes: ['[a] -> []'] },
    { kind: 'literal', text: 'a[b] ?? 0', changes: [] },
    { kind: 'literal', text: 'a.b ?? 0', changes: ['0 -> 1'] },
    { kind: 'literal', text: "'use strict'; f({ a: b, 'c': d })", changes: [] },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is code
    { kind: 'template', text: '`a${b}c${d}`', changes: ['a -> nothing', 'c -> nothing'] },
    {
      kind: 'statement',
      text: 'f(); await g(); a.b = c; a++',
      changes: ['f(); -> ;', 'await g(); -> ;', 'a.b = c; -> ;', 'a++ -> ;'],
    },
    { kind: 'statement', text: 'throw a', changes: ['throw a -> ;'] },
    { kind: 'statement', text: 'class A extends B { constructor() { super(); } }', changes: [] },
    { kind: 'return', text: 'function f() { return a; }', changes: ['a -> undefined'] },
    { kind: 'return', text: 'function f(): boolean { return a; }', changes: ['a -> true', 'a -> false'] },
    { kind: 'return', text: 'async (): Promise<boolean> => a', changes: ['a -> true', 'a -> false'] },
    { kind: 'return', text: '() => undefined', changes: [] },
    { kind: 'chaining', text: 'a?.b, a?.[b], a?.()', changes: ['?. -> .', '?. -> nothing', '?. -> nothing'] },
    { kind: 'chaining', text: 'a[b]?.[c]', changes: [] },
    { kind: 'method', text: 'a.some(b), Math.min(c)', changes: ['some -> every', 'min -> max'] },
    { kind: 'method', text: 'a.filter(b).map(c)', changes: ['.filter(b) -> nothing'] },
  ])('$kind: $text', ({ kind, text, changes }) => {
    expect(changesOf(text, kind)).toEqual(changes);
  });

  it.each([
    "import { a } from './a.ts'; export { b } from './b.ts'; export * from './c.ts'",
    "type A = 'a' | 0; interface B { readonly c?: true }",
    'declare const a: number; export default a as unknown as (b: 1) => void',
    '/** Returns a < b ? 1 : 0. */ // a && b',
    "await import('./a.ts')",
  ])('leaves alone what does not run: %s', (text) => {
    expect(changesOf(text)).toEqual([]);
  });

  it('says where a mutant stands, behind characters of any size', () => {
    const text = "const a = '😀';\n  if (b > 'é') c();\n";

    const mutant = generateMutants('lib/code.ts', text).find(({ original }) => original === '>');

    expect(mutant).toMatchObject({
      file: 'lib/code.ts',
      line: 2,
      lineText: "if (b > 'é') c();",
      replacement: '>=',
    });
    expect(mutant && applyEdit(text, mutant)).toBe(text.replace('b > ', 'b >= '));
  });

  it('refuses what is not a module', () => {
    expect(() => generateMutants('code.ts', 'a +')).toThrow(SyntaxFault);
  });

  it('changes our own code into other code, each mutant once', () => {
    for (const file of globSync('lib/consensus/*.ts', { cwd: ROOT })) {
      const text = readFileSync(join(ROOT, file), 'utf8');
      const mutated = generateMutants(file, text).map((mutant) => applyEdit(text, mutant));
      expect(mutated).not.toContain(text);
      expect(mutated.filter((code) => !isModule(file, code))).toEqual([]);
    }
  });
});

describe('sampleMutants', () => {
  const mutants = generateMutants(
    'code.ts',
    Array.from({ length: 50 }, (_, n) => `f${n}(a < b);`).join('\n'),
  );

  it('draws as many as asked for, in their order and the same for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(), (count, seed) => {
        const sample = sampleMutants(mutants, count, seed);
        expect(sample).toHaveLength(Math.min(count, mutants.length));
        expect(sample).toEqual(mutants.filter((mutant) => sample.includes(mutant)));
        expect(sampleMutants(mutants.toReversed(), count, seed).toReversed()).toEqual(sample);
      }),
      { numRuns: 20 },
    );
  });

  it('draws others by another seed', () => {
    expect(sampleMutants(mutants, 20, 1)).not.toEqual(sampleMutants(mutants, 20, 2));
  });
});

describe('the list of equivalent mutants', () => {
  it('names only mutants that exist', () => {
    const files = [...new Set(EQUIVALENTS.map(({ file }) => file))];
    const mutants = files.flatMap((file) => generateMutants(file, readFileSync(join(ROOT, file), 'utf8')));

    expect(
      EQUIVALENTS.filter((equivalent) => !mutants.some((mutant) => matches(equivalent, mutant))),
    ).toEqual([]);
  });
});
