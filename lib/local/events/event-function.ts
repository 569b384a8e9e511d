import { randomUUID } from 'node:crypto';
import { arnOf } from '../account.ts';
import type { InvocationOutcome } from '../runtime/execution-environment.ts';
import { FunctionRuntime } from '../runtime/function-runtime.ts';
import type { EventFunctionDefinition } from '../template/service-definition.ts';

export interface EventFunctionOptions {
  readonly definition: EventFunctionDefinition;
  /** All the environment variables that the function sees. */
  readonly variables: Readonly<Record<string, string>>;
  readonly onLogLine: (line: string) => void;
  /** Gets what each attempt came to. */
  readonly onInvocation: (functionName: string, outcome: InvocationOutcome) => void;
  /** Puts an event aside that all attempts have failed on. */
  readonly onFailure: (queueName: string, message: string) => Promise<void>;
}

/**
 * A function that events invoke: started by the first one, and tried again when it fails, but at once where Lambda
 * waits for minutes.
 * Source: AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation".
 */
export class EventFunction {
  readonly #options: EventFunctionOptions;
  #runtime: Promise<FunctionRuntime> | undefined;

  constructor(options: EventFunctionOptions) {
    this.#options = options;
  }

  /** Resolves when the event has been handled or put aside. */
  async invoke(event: object): Promise<void> {
    const { definition, onInvocation, onFailure } = this.#options;
    const attempts = 1 + definition.retryAttempts;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const outcome = await this.#attempt(JSON.stringify(event));
      onInvocation(definition.name, outcome);
      if (outcome.status === 'returned') return;
    }
    if (definition.failures === undefined) return;
    await onFailure(definition.failures.name, failureRecord(definition.name, event, attempts));
  }

  async stop(): Promise<void> {
    const runtime = await this.#runtime?.catch(() => undefined);
    await runtime?.stop();
  }

  async #attempt(eventJson: string): Promise<InvocationOutcome> {
    this.#runtime ??= this.#start();
    try {
      return await (await this.#runtime).invoke(eventJson);
    } catch (error) {
      this.#runtime = undefined;
      return { status: 'failed', reason: String(error), durationMs: 0 };
    }
  }

  async #start(): Promise<FunctionRuntime> {
    const { definition, variables, onLogLine } = this.#options;
    return await FunctionRuntime.start({
      bundlePath: definition.bundlePath,
      functionName: definition.name,
      functionArn: arnOf('lambda', `function:${definition.name}`),
      memoryMegabytes: definition.memoryMegabytes,
      timeoutSeconds: definition.timeoutSeconds,
      variables,
      onLogLine,
    });
  }
}

/** What Lambda sends to the destination of failures. */
function failureRecord(functionName: string, event: object, attempts: number): string {
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: randomUUID(),
      functionArn: arnOf('lambda', `function:${functionName}:$LATEST`),
      condition: 'RetriesExhausted',
      approximateInvokeCount: attempts,
    },
    requestPayload: event,
  });
}
