/** A kind of mutation, named for what is mutated. */
export type MutationKind =
  | 'comparison'
  | 'arithmetic'
  | 'logic'
  | 'condition'
  | 'literal'
  | 'template'
  | 'statement'
  | 'return'
  | 'chaining'
  | 'method';

/** A replacement of part of a source text; offsets are UTF-16 code units. */
export interface Edit {
  readonly kind: MutationKind;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** One small change of a file that its tests should notice. */
export interface Mutant extends Edit {
  /** Path from the project's root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly original: string;
  /** The line as it stands in the file, without indentation. */
  readonly lineText: string;
  /** Names the mutant within the project as long as its file stays as it is. */
  readonly key: string;
  /** Of the file that is mutated. */
  readonly sourceDigest: string;
}

/** The change in one line: `a < b -> a <= b`. */
export function describeChange({ original, replacement }: Mutant): string {
  return `${shorten(original)} -> ${replacement === '' ? 'nothing' : shorten(replacement)}`;
}

const LONGEST_SNIPPET = 60;

function shorten(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST_SNIPPET ? `${line.slice(0, LONGEST_SNIPPET - 3)}...` : line;
}

export function applyEdit(text: string, { start, end, replacement }: Edit): string {
  return text.slice(0, start) + replacement + text.slice(end);
}
