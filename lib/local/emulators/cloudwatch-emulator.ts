import { type Answer, type CloudWatchState, operations } from './cloudwatch-operations.ts';
import { type Emulator, startEmulator } from './emulator.ts';

/** Starts a CloudWatch emulator in this process: reading alarms and metrics, and setting an alarm by hand. */
export async function startCloudWatchEmulator(state: CloudWatchState, port?: number): Promise<Emulator> {
  return await startEmulator(({ headers, body }) => {
    const operation = String(headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    const { status, content } = answer(state, operation, body);
    return { status, contentType: 'application/x-amz-json-1.0', body: JSON.stringify(content) };
  }, port);
}

function answer(state: CloudWatchState, operation: string, body: string): Answer {
  const answerTo = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (answerTo !== undefined) return answerTo(state, JSON.parse(body) as never);
  return {
    status: 400,
    content: { __type: 'UnknownOperationException', message: `${operation} is not emulated` },
  };
}
