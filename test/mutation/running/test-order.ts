/** Orders test files so that a mutant dies early: by the mutants that each has killed for the time that it takes. */
export class TestOrder {
  readonly #milliseconds = new Map<string, number>();
  readonly #kills = new Map<string, number>();

  /** @param milliseconds what each test file took, by its path */
  noteDurations(milliseconds: Readonly<Record<string, number>>): void {
    for (const [file, duration] of Object.entries(milliseconds)) this.#milliseconds.set(file, duration);
  }

  noteKill(file: string): void {
    this.#kills.set(file, (this.#kills.get(file) ?? 0) + 1);
  }

  order(files: readonly string[]): string[] {
    return files.toSorted((a, b) => this.#killsPerSecond(b) - this.#killsPerSecond(a));
  }

  #killsPerSecond(file: string): number {
    // Whatever has killed nothing yet may still do so, the quickest first.
    return ((this.#kills.get(file) ?? 0) + 0.5) / (this.#milliseconds.get(file) ?? 1_000);
  }
}
