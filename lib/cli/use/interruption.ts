import { InterruptedError } from '../cli-error.ts';

/** Handles SIGINT and SIGTERM, so that a command can clean up before it ends. */
export interface Interruption {
  /** Rejects with an InterruptedError at the first signal; a second one ends the process as usual. */
  readonly promise: Promise<never>;
  /** @throws {InterruptedError} after a signal */
  throwIfInterrupted(): void;
  /** Restores the default signal handling. */
  forget(): void;
}

export function watchInterruption(): Interruption {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const signals = ['SIGINT', 'SIGTERM'] as const;
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
    forget();
    reject(new InterruptedError());
  };
  const forget = () => {
    for (const signal of signals) process.off(signal, interrupt);
  };
  for (const signal of signals) process.on(signal, interrupt);
  return {
    promise,
    forget,
    throwIfInterrupted() {
      if (isInterrupted) throw new InterruptedError();
    },
  };
}
