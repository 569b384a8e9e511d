import { messageOf } from '../errors.ts';
import {
  ExecutionEnvironment,
  type ExecutionEnvironmentOptions,
  type InvocationOutcome,
} from './execution-environment.ts';

/** Invokes a function in one execution environment at a time, and replaces it when it has died. */
export class FunctionRuntime {
  readonly #options: ExecutionEnvironmentOptions;
  #environment: ExecutionEnvironment | undefined;
  #isStopped = false;

  private constructor(options: ExecutionEnvironmentOptions, environment?: ExecutionEnvironment) {
    this.#options = options;
    this.#environment = environment;
  }

  /** @throws {LocalStackError} `function_initialization_failed` */
  static async start(options: ExecutionEnvironmentOptions): Promise<FunctionRuntime> {
    return new FunctionRuntime(options, await ExecutionEnvironment.start(options));
  }

  /** Starts no environment before the first invocation; a failure to start is then a failed invocation. */
  static onDemand(options: ExecutionEnvironmentOptions): FunctionRuntime {
    return new FunctionRuntime(options);
  }

  async invoke(eventJson: string): Promise<InvocationOutcome> {
    try {
      if (this.#environment?.isAlive !== true && !this.#isStopped) {
        this.#environment = await ExecutionEnvironment.start(this.#options);
      }
    } catch (error) {
      // A failed invocation instead of the end of the stack.
      this.#options.onLogLine(messageOf(error));
      return { status: 'failed', reason: messageOf(error), durationMs: 0 };
    }
    if (this.#isStopped || this.#environment === undefined) {
      return { status: 'failed', reason: 'The stack was stopped', durationMs: 0 };
    }
    return await this.#environment.invoke(eventJson);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#environment?.stop();
  }
}
