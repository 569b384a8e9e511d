import { createHash } from 'node:crypto';
import { applyEdit, type Edit, type Mutant } from './mutant.ts';
import { mutateLiteral } from './mutators/literals.ts';
import { mutateMethod } from './mutators/methods.ts';
import { mutateOperator } from './mutators/operators.ts';
import { mutateStatement } from './mutators/statements.ts';
import { isModule, parseModule, walkRunningCode } from './syntax.ts';

const MUTATORS = [mutateOperator, mutateLiteral, mutateStatement, mutateMethod];

/**
 * All mutants of a file in the order of their places. What would not be a module is left out; types and comments are
 * never touched.
 *
 * @param file path from the project's root
 */
export function generateMutants(file: string, text: string): Mutant[] {
  const edits = new Map<string, Edit>();
  for (const place of walkRunningCode(parseModule(file, text).program)) {
    for (const edit of MUTATORS.flatMap((mutate) => mutate(place, text))) {
      // A literal that is returned is replaced by one mutator only.
      edits.set(`${edit.start}-${edit.end} ${edit.replacement}`, edit);
    }
  }
  const sourceDigest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return [...edits.values()]
    .filter((edit) => isModule(file, applyEdit(text, edit)))
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
    .map((edit) => ({ ...locate(file, text, edit), sourceDigest }));
}

function locate(file: string, text: string, edit: Edit): Omit<Mutant, 'sourceDigest'> {
  const lineStart = text.lastIndexOf('\n', edit.start - 1) + 1;
  const [lineText = ''] = text.slice(lineStart).split('\n', 1);
  return {
    ...edit,
    file,
    line: text.slice(0, edit.start).split('\n').length,
    original: text.slice(edit.start, edit.end),
    lineText: lineText.trim(),
    key: `${file}:${edit.start}-${edit.end} ${edit.replacement}`,
  };
}

/**
 * So many of the mutants, drawn by the seed, in their order. One mutant's being drawn depends on few others, so that a
 * change of one file leaves most of the sample as it was.
 */
export function sampleMutants(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const drawn = mutants
    .map((mutant) => ({ mutant, rank: createHash('sha256').update(`${seed} ${mutant.key}`).digest('hex') }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count);
  const kept = new Set(drawn.map(({ mutant }) => mutant));
  return mutants.filter((mutant) => kept.has(mutant));
}
