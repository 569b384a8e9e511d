/**
 * Catches promises that fail and that nobody waits for: a defect, which by default ends the process and with it a batch
 * that may be half stored.
 */
export class UnhandledRejections {
  #reasons: unknown[] = [];

  constructor() {
    // Lambda's own listener, which is there before this code is loaded, ends the process.
    if (process.env.AWS_LAMBDA_RUNTIME_API !== undefined) process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => this.#reasons.push(reason));
  }

  /** @returns why the promises failed that did so since this was asked last */
  take(): readonly unknown[] {
    const reasons = this.#reasons;
    this.#reasons = [];
    return reasons;
  }
}
