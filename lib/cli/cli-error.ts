import { ReportedError } from '../errors/reported-error.ts';

/** 1: something failed. 2: invalid usage. */
export type FailureCode = 1 | 2;

/** An expected failure: its message is the one line that the user sees. */
export class CliError extends ReportedError {
  override readonly name = 'CliError';
  readonly code: 'failed' | 'called_wrongly';

  constructor(message: string, exitCode: FailureCode = 1, options?: ErrorOptions) {
    super(message, options);
    this.code = exitCode === 1 ? 'failed' : 'called_wrongly';
  }

  override get exitCode(): FailureCode {
    return this.code === 'failed' ? 1 : 2;
  }
}

/** The user or the system asked the command to stop before it was done. */
export class InterruptedError extends ReportedError {
  override readonly name = 'InterruptedError';
  readonly code = 'interrupted';

  override get exitCode(): number {
    return 130;
  }

  override get isSilent(): boolean {
    return true;
  }
}
