/** A run of tests, with one file of the project replaced. */
export interface TestRun {
  /** Paths from the project's root, in the order in which they are to run. */
  readonly tests: readonly string[];
  /** Without it the tests run on the project as it is. */
  readonly replaced?: { readonly file: string; readonly text: string };
}

export interface TestRunResult {
  readonly hasPassed: boolean;
  /** The first test that failed, or why none could run. */
  readonly failure?: string;
  readonly milliseconds: number;
  /** By test file; those that ran. */
  readonly millisecondsByTest: Readonly<Record<string, number>>;
}
