/**
 * The base of every error that a user can do something about. A command prints its message in one line, without a
 * stack trace, and ends with its exit code. Every other error is a defect.
 */
export abstract class ReportedError extends Error {
  abstract override readonly name: string;
  /** A stable word by which callers decide what to do. */
  abstract readonly code: string;

  /** What the process ends with: 1 where something failed, 2 where it was called wrongly. */
  get exitCode(): number {
    return 1;
  }

  /** What the user can try, to be printed after the message. */
  get hint(): string | undefined {
    return undefined;
  }

  /** Whether there is nothing to print, since the user knows already. */
  get isSilent(): boolean {
    return false;
  }
}
