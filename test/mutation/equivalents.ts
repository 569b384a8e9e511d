import type { Mutant } from './mutant.ts';

/** A mutant that behaves like the code in all that matters, so that no test can kill it. */
export interface Equivalent {
  readonly file: string;
  /** The line as it stands in the file, without indentation. */
  readonly lineText: string;
  readonly original: string;
  readonly replacement: string;
  readonly why: string;
}

export const EQUIVALENTS: readonly Equivalent[] = [];

export function isEquivalent(mutant: Mutant): boolean {
  return EQUIVALENTS.some((equivalent) => matches(equivalent, mutant));
}

export function matches(equivalent: Equivalent, mutant: Mutant): boolean {
  return (
    equivalent.file === mutant.file &&
    equivalent.lineText === mutant.lineText &&
    equivalent.original === mutant.original &&
    equivalent.replacement === mutant.replacement
  );
}
