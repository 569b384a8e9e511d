/**
 * Catches unhandled promise rejections: a defect, which by default ends the process and with it a batch that may be
 * half stored.
 */
export class UnhandledRejections {
  #reasons: unknown[] = [];

  constructor() {
    // Lambda's own listener, registered before this code is loaded, ends the process.
    if (process.env.AWS_LAMBDA_RUNTIME_API !== undefined) process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => this.#reasons.push(reason));
  }

  /** @returns the reasons of the rejections since the last call */
  take(): readonly unknown[] {
    const reasons = this.#reasons;
    this.#reasons = [];
    return reasons;
  }
}
