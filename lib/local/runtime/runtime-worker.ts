/**
 * The inside of an execution environment: loads the bundle and invokes its handler, one invocation at a time. Runs as a
 * worker thread with only the function's environment variables.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Context } from 'aws-lambda';
import type {
  FunctionError,
  InvocationMessage,
  RuntimeMessage,
  RuntimeSettings,
} from './runtime-protocol.ts';

type Handler = (event: unknown, context: Context) => unknown;

if (parentPort) await serve(parentPort, workerData as RuntimeSettings);

async function serve(port: MessagePort, settings: RuntimeSettings): Promise<void> {
  const send = (message: RuntimeMessage) => port.postMessage(message);
  let handler: Handler;
  try {
    handler = await loadHandler(settings.bundleUrl);
  } catch (error) {
    send({ type: 'initialization_failed', error: describe(error) });
    return;
  }
  port.on('message', async (invocation: InvocationMessage) =>
    send(await invoke(handler, invocation, settings)),
  );
  send({ type: 'initialized' });
}

async function loadHandler(bundleUrl: string): Promise<Handler> {
  const { handler } = (await import(bundleUrl)) as { handler?: unknown };
  if (typeof handler !== 'function') throw new TypeError('handler is undefined or not exported');
  return handler as Handler;
}

async function invoke(
  handler: Handler,
  invocation: InvocationMessage,
  settings: RuntimeSettings,
): Promise<RuntimeMessage> {
  try {
    const response = await handler(JSON.parse(invocation.eventJson), createContext(invocation, settings));
    return { type: 'returned', responseJson: JSON.stringify(response) ?? 'null' };
  } catch (error) {
    return { type: 'threw', error: describe(error) };
  }
}

function createContext(invocation: InvocationMessage, settings: RuntimeSettings): Context {
  const deadline = performance.now() + invocation.timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: settings.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: settings.functionArn,
    memoryLimitInMB: String(settings.memoryMegabytes),
    awsRequestId: invocation.requestId,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME ?? '',
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME ?? '',
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
    // Still in the type, but removed from the Node.js 24 runtime.
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}

function describe(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown) };
  return { errorType: thrown.name, errorMessage: thrown.message, stack: thrown.stack };
}
