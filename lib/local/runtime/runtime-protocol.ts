/** Data that an execution environment gets at the start. */
export interface RuntimeSettings {
  readonly bundleUrl: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
}

/** One invocation. Events and responses are passed as JSON, as in Lambda. */
export interface InvocationMessage {
  readonly requestId: string;
  readonly eventJson: string;
  /** The function's timeout, milliseconds. */
  readonly timeoutMs: number;
}

/** An error thrown by the function. */
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
