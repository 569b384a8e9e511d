import { randomUUID } from 'node:crypto';
import { arnOf } from '../account.ts';
import type { InvocationOutcome } from '../runtime/execution-environment.ts';
import { FunctionRuntime } from '../runtime/function-runtime.ts';
import type { EventFunctionDefinition } from '../template/service-definition.ts';

export interface EventFunctionOptions {
  readonly definition: EventFunctionDefinition;
  /** All of the function's environment variables. */
  readonly variables: Readonly<Record<string, string>>;
  readonly onLogLine: (line: string) => void;
  /** Called with the outcome of each attempt. */
  readonly onInvocation: (functionName: string, outcome: InvocationOutcome) => void;
  /** Sends an event to a queue after all attempts have failed. */
  readonly onFailure: (queueName: string, message: string) => Promise<void>;
}

/**
 * A function invoked by events: started by the first one, and retried when it fails, at once instead of after minutes
 * as in Lambda. Source: AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous
 * invocation".
 */
export class EventFunction {
  readonly #options: EventFunctionOptions;
  #runtime: Promise<FunctionRuntime> | undefined;

  constructor(options: EventFunctionOptions) {
    this.#options = options;
  }

  /** Resolves when the event has been handled or sent to the failure queue. */
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

/** The record that Lambda sends to a failure destination. */
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
