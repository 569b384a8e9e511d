/** What an execution environment is told when it starts. */
export interface RuntimeSettings {
  readonly bundleUrl: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
}

/** One invocation. Events and responses travel as JSON, as they do in Lambda. */
export interface InvocationMessage {
  readonly requestId: string;
  readonly eventJson: string;
  /** How long the function may run, milliseconds. */
  readonly timeoutMs: number;
}

/** Something thrown by the function. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stack?: string | undefined;
}

export type RuntimeMessage =
  | { readonly type: 'initialized' }
  | { readonly type: 'initialization_failed'; readonly error: FunctionError }
  | { readonly type: 'returned'; readonly responseJson: string }
  | { readonly type: 'threw'; readonly error: FunctionError };
